using MailSuite.Shared.Status;

namespace MailSuite.Mua.Cli.Sendmail;

/// <summary>The exit codes of BSD's <c>sysexits.h</c>, by which callers of sendmail know what became of their message.</summary>
internal static class SendmailExit
{
    public const int Ok = 0;

    /// <summary>EX_USAGE: the command line is wrong.</summary>
    public const int Usage = 64;

    /// <summary>EX_DATAERR: the message or an address in it cannot be read.</summary>
    public const int DataError = 65;

    /// <summary>EX_NOUSER: there is no such mailbox.</summary>
    public const int NoUser = 67;

    /// <summary>EX_NOHOST: there is no such domain.</summary>
    public const int NoHost = 68;

    /// <summary>EX_UNAVAILABLE: the message will not be taken.</summary>
    public const int Unavailable = 69;

    /// <summary>EX_SOFTWARE: we have a bug.</summary>
    public const int Software = 70;

    /// <summary>EX_OSERR: the system does not know who calls.</summary>
    public const int SystemError = 71;

    /// <summary>EX_CANTCREAT: the maildrop cannot be written by this user.</summary>
    public const int CannotCreate = 73;

    /// <summary>EX_IOERR: reading the message or writing it failed.</summary>
    public const int InputOutput = 74;

    /// <summary>EX_TEMPFAIL: not now; the same call may work later.</summary>
    public const int TryAgain = 75;

    /// <summary>EX_NOPERM: this user may not do that.</summary>
    public const int NotPermitted = 77;

    /// <summary>EX_CONFIG: the configuration has mistakes.</summary>
    public const int Configuration = 78;

    /// <summary>What a refusal by the program says to the caller.</summary>
    public static int Of(EnhancedStatusCode status) => (status.Subject, status.Detail) switch
    {
        (1, 1) => NoUser,
        (1, 2) or (1, 10) or (4, 4) => NoHost,
        (1, 3) or (1, 7) or (5, 2) or (6, _) => DataError,
        (7, _) => NotPermitted,
        _ => Unavailable,
    };
}
