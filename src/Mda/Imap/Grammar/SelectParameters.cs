namespace MailSuite.Mda.Imap.Grammar;

/// <summary>What SELECT is told beside the mailbox (RFC 7162 §3.1.8, §3.2.5).</summary>
internal readonly record struct SelectParameters(bool CondStore, QResyncParameter? QResync);

/// <summary>What the client knows from its last visit.</summary>
/// <param name="Known">The UIDs it knows; <see langword="null"/> for all.</param>
internal sealed record QResyncParameter(uint UidValidity, long ModSeq, UidSet? Known);
