using System.Globalization;

namespace MailSuite.Mda.Pop3.Replies;

/// <summary>Every response that the server gives.</summary>
internal static class Pop3Replies
{
    private const string Auth = "AUTH";
    private const string Temporary = "SYS/TEMP";
    private const string Permanent = "SYS/PERM";
    private const string InUse = "IN-USE";
    private const string LoginDelay = "LOGIN-DELAY";

    /// <summary>Without a timestamp: APOP is not offered (RFC 1939 §7).</summary>
    public static readonly Pop3Reply Greeting = Pop3Reply.Ok("MailSuite POP3 ready");

    public static readonly Pop3Reply TooManySessions = Pop3Reply.Err(Temporary, "Too many sessions, try again later").AndClose();
    public static readonly Pop3Reply TooManySessionsOfClient = Pop3Reply.Err(Temporary, "Too many sessions of your address, try again later").AndClose();
    public static readonly Pop3Reply TooManyErrors = Pop3Reply.Err("Too many errors, closing").AndClose();
    public static readonly Pop3Reply LineTooLong = Pop3Reply.Err("The line is too long, closing").AndClose();
    public static readonly Pop3Reply BareLineEnding = Pop3Reply.Err("Lines end with CRLF");
    public static readonly Pop3Reply NotText = Pop3Reply.Err("This is no UTF-8 text without controls");
    public static readonly Pop3Reply UnknownCommand = Pop3Reply.Err("Unknown command");
    public static readonly Pop3Reply ApopNotOffered = Pop3Reply.Err("APOP would need passwords that can be read, and here they are hashed");
    public static readonly Pop3Reply SignInFirst = Pop3Reply.Err("Sign in first");
    public static readonly Pop3Reply SignedInAlready = Pop3Reply.Err("You have signed in already");
    public static readonly Pop3Reply NoArguments = Pop3Reply.Err("The command has no arguments");
    public static readonly Pop3Reply LocalError = Pop3Reply.Err(Temporary, "Something is wrong here, try again later");
    public static readonly Pop3Reply Goodbye = Pop3Reply.Ok("Goodbye").AndClose();

    public static readonly Pop3Reply NameTaken = Pop3Reply.Ok("Send the password");
    public static readonly Pop3Reply BadName = Pop3Reply.Err("A name is needed");
    public static readonly Pop3Reply NameFirst = Pop3Reply.Err("USER comes first");
    public static readonly Pop3Reply BadPassword = Pop3Reply.Err("A password is needed");
    public static readonly Pop3Reply PasswordsNotOffered = Pop3Reply.Err("USER and PASS are not offered here, use AUTH");
    public static readonly Pop3Reply EncryptionRequired = Pop3Reply.Err("Sign in over TLS only, say STLS first");
    public static readonly Pop3Reply BadAuthSyntax = Pop3Reply.Err("AUTH needs the name of a mechanism");
    public static readonly Pop3Reply MechanismsFollow = Pop3Reply.Ok("The mechanisms are");
    public static readonly Pop3Reply NoSuchMechanism = Pop3Reply.Err("There is no such mechanism here");
    public static readonly Pop3Reply AuthenticationCancelled = Pop3Reply.Err("Cancelled");
    public static readonly Pop3Reply CredentialsInvalid = Pop3Reply.Err(Auth, "Name or password is wrong");
    public static readonly Pop3Reply TransitionNeeded = Pop3Reply.Err(Auth, "Name or password is wrong, or the account has to sign in by its password once");
    public static readonly Pop3Reply TooManyAuthenticationFailures = Pop3Reply.Err(Auth, "Name or password is wrong, too often").AndClose();
    public static readonly Pop3Reply AuthenticationUnavailable = Pop3Reply.Err(Temporary, "It cannot be checked now, try again later");

    public static readonly Pop3Reply MaildropInUse = Pop3Reply.Err(InUse, "Another session has the maildrop open");
    public static readonly Pop3Reply NoMaildrop = Pop3Reply.Err(Permanent, "The account has no INBOX");
    public static readonly Pop3Reply MaildropUnavailable = Pop3Reply.Err(Temporary, "The maildrop cannot be opened now, try again later");

    public static readonly Pop3Reply ReadyForTls = Pop3Reply.Ok("Begin TLS");
    public static readonly Pop3Reply AlreadyTls = Pop3Reply.Err("TLS is active already");
    public static readonly Pop3Reply TlsNotOffered = Pop3Reply.Err("There is no TLS here");
    public static readonly Pop3Reply TlsUnavailable = Pop3Reply.Err(Temporary, "There is no certificate now, try again later");

    public static readonly Pop3Reply CapabilitiesFollow = Pop3Reply.Ok("Capabilities follow");
    public static readonly Pop3Reply Utf8On = Pop3Reply.Ok("UTF-8 it is");
    public static readonly Pop3Reply LanguagesFollow = Pop3Reply.Ok("The languages are");
    public static readonly Pop3Reply LanguageSet = Pop3Reply.Ok("en Responses are in English");
    public static readonly Pop3Reply NoSuchLanguage = Pop3Reply.Err("There is no such language here");

    public static readonly Pop3Reply Nothing = Pop3Reply.Ok("Nothing done");
    public static readonly Pop3Reply BadMessageNumber = Pop3Reply.Err("The number of a message is needed");
    public static readonly Pop3Reply BadTopArguments = Pop3Reply.Err("The number of a message and a count of lines are needed");
    public static readonly Pop3Reply NoSuchMessage = Pop3Reply.Err("There is no such message");
    public static readonly Pop3Reply MessageIsDeleted = Pop3Reply.Err("The message is deleted");
    public static readonly Pop3Reply MessageIsGone = Pop3Reply.Err("Another program has removed the message");
    public static readonly Pop3Reply UniqueIdsFollow = Pop3Reply.Ok("Unique ids follow");
    public static readonly Pop3Reply TopFollows = Pop3Reply.Ok("The top follows");
    public static readonly Pop3Reply NotRemoved = Pop3Reply.Err(Temporary, "The deleted messages could not be removed and are all still there").AndClose();

    public static Pop3Reply TooManyFailuresFor(TimeSpan wait) => Pop3Reply.Err(Temporary, $"Too many attempts have failed, try again in {Seconds(wait)} s");

    public static Pop3Reply TooSoon(TimeSpan wait) => Pop3Reply.Err(LoginDelay, $"You have signed in a moment ago, try again in {Seconds(wait)} s");

    public static Pop3Reply ExchangeRefused(string reason) => Pop3Reply.Err(Auth, reason);

    public static Pop3Reply MalformedResponse(string reason) => Pop3Reply.Err(reason);

    public static Pop3Reply MaildropOpen(Maildrop maildrop) => Pop3Reply.Ok($"{Messages(maildrop)} ({maildrop.Octets} octets)");

    /// <summary>The drop listing of STAT: this line is read by programs (RFC 1939 §5).</summary>
    public static Pop3Reply DropListing(Maildrop maildrop) => Pop3Reply.Ok(string.Create(CultureInfo.InvariantCulture, $"{maildrop.Count} {maildrop.Octets}"));

    public static Pop3Reply ScanListing(int number, uint octets) => Pop3Reply.Ok(string.Create(CultureInfo.InvariantCulture, $"{number} {octets}"));

    public static Pop3Reply UniqueId(int number, string id) => Pop3Reply.Ok(string.Create(CultureInfo.InvariantCulture, $"{number} {id}"));

    public static Pop3Reply MessageFollows(uint octets) => Pop3Reply.Ok($"{octets} octets");

    public static Pop3Reply Deleted(int number) => Pop3Reply.Ok($"Message {number} is deleted");

    private static string Messages(Maildrop maildrop) => maildrop.Count == 1 ? "1 message" : $"{maildrop.Count} messages";

    private static int Seconds(TimeSpan wait) => (int)Math.Ceiling(wait.TotalSeconds);
}
