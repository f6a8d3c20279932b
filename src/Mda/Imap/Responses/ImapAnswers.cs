namespace MailSuite.Mda.Imap.Responses;

/// <summary>The answers that several commands give. Response codes are those of RFC 9051 §7.1 unless it is said.</summary>
internal static class ImapAnswers
{
    public static readonly ImapAnswer Syntax = ImapAnswer.Bad("The arguments are not those of this command.");
    public static readonly ImapAnswer NoArguments = ImapAnswer.Bad("This command takes no arguments.");
    public static readonly ImapAnswer UnknownCommand = ImapAnswer.Bad("There is no such command.");
    public static readonly ImapAnswer SignInFirst = ImapAnswer.Bad("Sign in first.");
    public static readonly ImapAnswer SelectFirst = ImapAnswer.Bad("Select a mailbox first.");
    public static readonly ImapAnswer AlreadySignedIn = ImapAnswer.Bad("Somebody has signed in already.");
    public static readonly ImapAnswer NotACommand = ImapAnswer.Bad("A command is a tag, a space and its name.");
    public static readonly ImapAnswer BareLineEnding = ImapAnswer.Bad("A line ends with CR and LF.");

    /// <summary>RFC 7888 §4; the code is of RFC 4469 §4.</summary>
    public static readonly ImapAnswer TooBig = ImapAnswer.Bad("That is more than is taken.", "TOOBIG");

    /// <summary>We have a bug; the log has it.</summary>
    public static readonly ImapAnswer ServerBug = ImapAnswer.No("Something went wrong here. Try again.", "SERVERBUG");

    /// <summary>The store cannot do it now.</summary>
    public static readonly ImapAnswer Unavailable = ImapAnswer.No("Not now. Try again.", "UNAVAILABLE");

    public static readonly ImapAnswer PrivacyRequired = ImapAnswer.No("First STARTTLS.", "PRIVACYREQUIRED");
    public static readonly ImapAnswer AuthenticationFailed = ImapAnswer.No("Name or password are wrong.", "AUTHENTICATIONFAILED");
    public static readonly ImapAnswer AuthenticationUnavailable = ImapAnswer.No("It cannot be found out now who you are. Try again.", "UNAVAILABLE");
    public static readonly ImapAnswer AuthenticationCancelled = ImapAnswer.Bad("Cancelled.");
    public static readonly ImapAnswer NoSuchMechanism = ImapAnswer.No("There is no such mechanism here.", "CANNOT");
    public static readonly ImapAnswer TooManySessionsOfAccount = ImapAnswer.No("This account has too many sessions open.", "LIMIT");

    /// <summary>RFC 5802 has no word for it in IMAP: signing in with the password once makes the keys.</summary>
    public static readonly ImapAnswer TransitionNeeded = ImapAnswer.No("Wrong, or the password must be used once by LOGIN or PLAIN.", "AUTHENTICATIONFAILED");

    /// <summary>RFC 9051 §9: a sequence number above that of the last message.</summary>
    public static readonly ImapAnswer NoSuchMessage = ImapAnswer.Bad("There is no message with that number.");

    /// <summary>RFC 9586 §3.</summary>
    public static readonly ImapAnswer UidRequired = ImapAnswer.Bad("Only UIDs, as UIDONLY is enabled.", "UIDREQUIRED");

    /// <summary>Some messages are gone, and the client cannot know yet.</summary>
    public static readonly ImapAnswer ExpungeIssued = ImapAnswer.No("Some of those messages are gone.", "EXPUNGEISSUED");

    public static readonly ImapAnswer ReadOnly = ImapAnswer.No("The mailbox is selected read-only.");
    public static readonly ImapAnswer NoPermission = ImapAnswer.No("You have no right to do that here.", "NOPERM");
    public static readonly ImapAnswer NoSuchMailbox = ImapAnswer.No("There is no such mailbox.", "NONEXISTENT");
    public static readonly ImapAnswer NoSuchTarget = ImapAnswer.No("There is no such mailbox to put them into.", "TRYCREATE");
    public static readonly ImapAnswer OverQuota = ImapAnswer.No("That is more than the account may hold.", "OVERQUOTA");
    public static readonly ImapAnswer NoRoom = ImapAnswer.No("The disk is full.", "UNAVAILABLE");
    public static readonly ImapAnswer TooManyKeywords = ImapAnswer.No("That is more keywords than a message may have.", "LIMIT");
}
