using System.Globalization;

namespace MailSuite.Testing.Fuzz;

/// <summary>How long each target runs, and from which seed.</summary>
/// <param name="IsCommand">Whether somebody asked for it: then the seed is a new one each time, and all findings are looked for.</param>
public sealed record FuzzBudget(TimeSpan PerTarget, int Seed, bool IsCommand)
{
    /// <summary><c>30s</c>, <c>10min</c>, <c>1h</c>: the time for all targets together.</summary>
    public const string TimeVariable = "MAILSUITE_TEST_FUZZ";

    /// <summary>The seed to begin with, to do again what was done.</summary>
    public const string SeedVariable = "MAILSUITE_TEST_FUZZ_SEED";

    private const int SuiteSeed = 20261124;

    /// <summary>In the suite a second each; as a command what the environment says, divided among those that run one after the other.</summary>
    public static FuzzBudget FromEnvironment(int targets)
    {
        var seed = Environment.GetEnvironmentVariable(SeedVariable) is { Length: > 0 } given ? int.Parse(given, CultureInfo.InvariantCulture) : (int?)null;
        return Environment.GetEnvironmentVariable(TimeVariable) is { Length: > 0 } time
            ? new FuzzBudget(ParseTime(time) / targets, seed ?? Random.Shared.Next(), IsCommand: true)
            : new FuzzBudget(TimeSpan.FromSeconds(1), seed ?? SuiteSeed, IsCommand: false);
    }

    public static TimeSpan ParseTime(string text)
    {
        var digits = text.TakeWhile(char.IsAsciiDigit).Count();
        if (digits is 0 or > 6)
            throw new FormatException($"{TimeVariable} is a number with s, min or h, not \"{text}\".");

        var number = int.Parse(text[..digits], CultureInfo.InvariantCulture);
        return text[digits..].Trim() switch
        {
            "s" => TimeSpan.FromSeconds(number),
            "min" => TimeSpan.FromMinutes(number),
            "h" => TimeSpan.FromHours(number),
            _ => throw new FormatException($"{TimeVariable} is a number with s, min or h, not \"{text}\"."),
        };
    }
}
