namespace MailSuite.Bench.Mailboxes.Sync;

/// <param name="Mbsync">The program.</param>
/// <param name="Messages">In all, on both sides together.</param>
/// <param name="Interruptions">How often a synchronisation is cut off.</param>
/// <param name="ServerKills">Of these, how often it is the server that is killed, not mbsync.</param>
/// <param name="Directory">Where the near side and mbsync's state lie.</param>
internal sealed record SyncPlan(string Mbsync, string User, string Password, int Messages, int Interruptions, int ServerKills, int Seed, string Directory)
{
    /// <summary>Messages come in so many rounds, each of which ends with a synchronisation that is not cut off.</summary>
    public const int Rounds = 4;
}
