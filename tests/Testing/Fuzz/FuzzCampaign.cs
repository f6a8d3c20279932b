namespace MailSuite.Testing.Fuzz;

/// <summary>Runs targets, one a test, and keeps the report of all that have run.</summary>
public static class FuzzCampaign
{
    private static readonly List<FuzzResult> Results = [];

    /// <summary>Runs one of the targets for its share of the time; or, when a file of a finding is given, does again what it says.</summary>
    /// <param name="targets">Those that run one after the other.</param>
    /// <exception cref="FuzzException">The input of the file still fails.</exception>
    public static async Task<FuzzResult> RunAsync(IReadOnlyList<FuzzTarget> targets, string name, CancellationToken cancellationToken)
    {
        await using var target = targets.Single(one => one.Name == name);
        if (Environment.GetEnvironmentVariable(FuzzRun.InputVariable) is { Length: > 0 } file)
        {
            var text = await File.ReadAllTextAsync(file, cancellationToken);
            var isMeant = text.StartsWith($"# target: {name}\n", StringComparison.Ordinal);
            if (isMeant)
                await target.CheckAsync(FuzzInput.Parse(text));
            return new FuzzResult(name, Seed: 0, isMeant ? 1 : 0, TimeSpan.Zero, []);
        }

        var result = await FuzzRun.RunAsync(target, FuzzBudget.FromEnvironment(targets.Count), cancellationToken);
        lock (Results)
        {
            Results.Add(result);
            Directory.CreateDirectory(FuzzRun.Folder);
            File.WriteAllLines(Path.Combine(FuzzRun.Folder, "report.txt"), Results.Select(one => one.ToString()).Order(StringComparer.Ordinal));
        }

        return result;
    }
}
