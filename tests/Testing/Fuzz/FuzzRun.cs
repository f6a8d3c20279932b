using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace MailSuite.Testing.Fuzz;

/// <summary>Gives a target inputs until its time is over, and makes what it finds small.</summary>
public static partial class FuzzRun
{
    /// <summary>A file of a finding, to do again what it says and nothing else.</summary>
    public const string InputVariable = "MAILSUITE_TEST_FUZZ_INPUT";

    /// <summary>Different findings after which a target is not asked any more.</summary>
    private const int MaxFindings = 10;

    /// <summary>Inputs that are tried to make one finding smaller.</summary>
    private const int MaxTries = 2000;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(20);

    /// <summary>Where findings are written to.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "fuzz");

    public static async Task<FuzzResult> RunAsync(FuzzTarget target, FuzzBudget budget, CancellationToken cancellationToken)
    {
        var clock = Stopwatch.StartNew();
        var findings = new List<FuzzFinding>();
        var executions = 0L;
        while (clock.Elapsed < budget.PerTarget && findings.Count < (budget.IsCommand ? MaxFindings : 1))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var seed = unchecked((int)(budget.Seed + (executions * 0x9E3779B1)));
            var input = target.Generate(new Random(seed));
            executions++;
            if (await FailureAsync(target, input) is { } failure && !findings.Exists(finding => finding.Kind == KindOf(failure)))
                findings.Add(await FindAsync(target, input, failure, seed));
        }

        return new FuzzResult(target.Name, budget.Seed, executions, clock.Elapsed, findings);
    }

    private static async Task<Exception?> FailureAsync(FuzzTarget target, FuzzInput input)
    {
        try
        {
            await target.CheckAsync(input);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private static async Task<FuzzFinding> FindAsync(FuzzTarget target, FuzzInput input, Exception failure, int seed)
    {
        var kind = KindOf(failure);
        var clock = Stopwatch.StartNew();
        var tries = 0;
        await target.ResetAsync();
        var repeats = await FailureAsync(target, input) is { } again && KindOf(again) == kind;
        var smaller = repeats;
        while (smaller && tries < MaxTries && clock.Elapsed < MaxTime)
        {
            smaller = false;
            foreach (var candidate in FuzzReduction.Of(input))
            {
                if (++tries >= MaxTries || clock.Elapsed >= MaxTime)
                    break;
                await target.ResetAsync();
                if (await FailureAsync(target, candidate) is not { } same || KindOf(same) != kind)
                    continue;
                (input, failure, smaller) = (candidate, same, true);
                break;
            }
        }

        await target.ResetAsync();
        return new FuzzFinding(kind, Write(target, input, failure, seed, repeats), input, failure, seed, repeats);
    }

    private static string Write(FuzzTarget target, FuzzInput input, Exception failure, int seed, bool repeats)
    {
        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, string.Create(CultureInfo.InvariantCulture, $"{NoName().Replace(target.Name, "-")}-{seed:x8}.txt"));
        var complaint = string.Join('\n', failure.ToString().Split('\n').Select(line => "# " + line.TrimEnd()));
        File.WriteAllText(path, $"# target: {target.Name}\n{(repeats ? "" : "# Alone it does not fail: what came before it matters.\n")}{complaint}\n{input}\n");
        return path;
    }

    /// <summary>What was wrong, without the numbers of the case.</summary>
    private static string KindOf(Exception failure) =>
        failure is FuzzException { Kind: var kind } ? kind : $"{failure.GetType().Name} {failure.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";

    [GeneratedRegex("[^a-zA-Z0-9]+")]
    private static partial Regex NoName();
}

/// <param name="File">Where the input is written that shows it.</param>
/// <param name="Repeats">Whether the input fails alone.</param>
public sealed record FuzzFinding(string Kind, string File, FuzzInput Input, Exception Failure, int Seed, bool Repeats)
{
    public override string ToString() => $"{Failure.Message}\n(seed {Seed}{(Repeats ? "" : ", not when it is alone")}; written to {File})\n{Input}";
}

public sealed record FuzzResult(string Target, int Seed, long Executions, TimeSpan Time, IReadOnlyList<FuzzFinding> Findings)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Target,-32} {Executions,12:N0} executions {Executions / Math.Max(Time.TotalSeconds, 0.001),12:N0}/s {Findings.Count,4} findings, seed {Seed}");
}
