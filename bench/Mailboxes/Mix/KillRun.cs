namespace MailSuite.Bench.Mailboxes.Mix;

/// <summary>Kills the program at random instants and starts it again on what it left.</summary>
internal static class KillRun
{
    private const int ShortestLifeMilliseconds = 50;
    private const int LongestLifeMilliseconds = 2_000;

    /// <summary>Begins with the load. Done after so many kills, when the program runs again, or when it is told to end.</summary>
    public static async Task KillAsync(MixRun run, Child child, int kills, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        try
        {
            await run.Begun.WaitAsync(cancellationToken);
            for (var kill = 0; kill < kills; kill++)
            {
                await Task.Delay(random.Next(ShortestLifeMilliseconds, LongestLifeMilliseconds), cancellationToken);
                await child.KillAndStartAsync(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // A wrong answer has ended the run.
        }
    }
}
