namespace MailSuite.Mua.Cli;

/// <summary>What the commands answer the shell; beyond 2 they are those of BSD's <c>sysexits.h</c>.</summary>
internal static class CommandExit
{
    public const int Ok = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>EX_UNAVAILABLE: no program runs, or it does not answer.</summary>
    public const int Unavailable = 69;

    /// <summary>EX_TEMPFAIL: the same command may work later.</summary>
    public const int TryAgain = 75;
}
