namespace MailSuite.Mda.Pop3;

/// <summary>Where a session stands; as flags, where a command is allowed (RFC 1939 §3). UPDATE has no commands: QUIT goes through it.</summary>
[Flags]
internal enum Pop3States
{
    None = 0,

    /// <summary>Greeted, and nobody has signed in yet.</summary>
    Authorization = 1,

    /// <summary>Somebody has signed in, and the maildrop is locked and open.</summary>
    Transaction = 2,

    Any = Authorization | Transaction,
}
