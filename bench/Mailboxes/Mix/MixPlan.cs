namespace MailSuite.Bench.Mailboxes.Mix;

/// <param name="User">The account that all sessions share; its mailboxes are made by the run.</param>
/// <param name="Sessions">Connections at once.</param>
/// <param name="Mailboxes">Shared mailboxes.</param>
/// <param name="Messages">Above so many messages in a mailbox more are taken out than put in.</param>
/// <param name="Duration">How long the load lasts; the checks come after it.</param>
/// <param name="Pause">The longest pause of a session between two commands.</param>
/// <param name="SparesDovecot">Leaves out what Dovecot 2.3 answers wrongly: a message that two sessions move at once is moved twice, and a FETCH that sets \Seen shows the MODSEQ from before.</param>
/// <param name="IsKilled">Whether the server is killed meanwhile, so that a broken connection is no wrong answer.</param>
internal sealed record MixPlan(
    string User, string Password, bool Tls, int Sessions, int Mailboxes, int Messages, TimeSpan Duration, TimeSpan Pause, int Seed, bool SparesDovecot, bool IsKilled);
