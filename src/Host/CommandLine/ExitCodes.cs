namespace MailSuite.Host.CommandLine;

/// <summary>What the program answers the shell; beyond 2 they are those of BSD's <c>sysexits.h</c>.</summary>
internal static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It was tried and did not work.</summary>
    public const int Failed = 1;

    /// <summary>The command line itself is wrong.</summary>
    public const int Usage = 2;

    /// <summary>EX_TEMPFAIL: the same command may work later.</summary>
    public const int TryAgain = 75;

    /// <summary>EX_CONFIG: the configuration has mistakes.</summary>
    public const int Configuration = 78;
}
