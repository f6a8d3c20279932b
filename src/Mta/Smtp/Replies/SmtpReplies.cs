using System.Text;
using MailSuite.Mta.Policy;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Status;

namespace MailSuite.Mta.Smtp.Replies;

/// <summary>Every reply that the server gives (RFC 5321 §4.2.2, §4.2.3). There are no others: a test forbids them elsewhere.</summary>
internal static class SmtpReplies
{
    /// <summary>Characters of a person's name beside an address, so that both stay within a line in UTF-8 too.</summary>
    private const int MaxNameCharacters = 50;

    public static readonly SmtpReply StartData = SmtpReply.Of(354, null, "End the message with a dot on a line of its own");
    public static readonly SmtpReply ReadyForTls = SmtpReply.Of(220, StatusCodes.Ok, "Begin TLS");
    public static readonly SmtpReply Goodbye = SmtpReply.Of(221, StatusCodes.Ok, "Goodbye").AndClose();
    public static readonly SmtpReply Ok = SmtpReply.Of(250, StatusCodes.Ok, "Ok");
    public static readonly SmtpReply SenderOk = SmtpReply.Of(250, StatusCodes.OriginatorOk, "Sender ok");
    public static readonly SmtpReply PriorityLowered = SmtpReply.Of(250, StatusCodes.PriorityChanged, "0 Sender ok; only who has authenticated may raise the priority");
    public static readonly SmtpReply RecipientOk = SmtpReply.Of(250, StatusCodes.RecipientOk, "Recipient ok");
    public static readonly SmtpReply Authenticated = SmtpReply.Of(235, StatusCodes.AuthenticationSucceeded, "Authenticated");
    public static readonly SmtpReply Turning = SmtpReply.Of(250, StatusCodes.Ok, "Turning the roles: greet me");
    public static readonly SmtpReply CannotVerify = SmtpReply.Of(252, StatusCodes.Ok, "Not verified; send mail and it is judged at RCPT");

    public static readonly SmtpReply Utf8Required = SmtpReply.Of(252, StatusCodes.Utf8ReplyRequired, "The answer is not ASCII: ask with the parameter SMTPUTF8");
    public static readonly SmtpReply TooManyMembers = SmtpReply.Of(252, StatusCodes.Ok, "The list has more members than are told");

    public static readonly SmtpReply Stopping = SmtpReply.Of(421, StatusCodes.SystemNotAccepting, "Stopping; come back later").AndClose();
    public static readonly SmtpReply CommandTimeout = SmtpReply.Of(421, StatusCodes.ConnectionDropped, "No command for too long").AndClose();
    public static readonly SmtpReply DataTimeout = SmtpReply.Of(421, StatusCodes.ConnectionDropped, "The message took too long").AndClose();
    public static readonly SmtpReply TooManySessions = SmtpReply.Of(421, StatusCodes.SystemNotAccepting, "Too many sessions; come back later").AndClose();
    public static readonly SmtpReply TooManySessionsFromAddress = SmtpReply.Of(421, StatusCodes.TooManyErrors, "Too many sessions from your address").AndClose();
    public static readonly SmtpReply TooManySessionsFromNetwork = SmtpReply.Of(421, StatusCodes.TooManyErrors, "Too many sessions from your network").AndClose();
    public static readonly SmtpReply TooManyIdleCommands = SmtpReply.Of(421, StatusCodes.TooManyErrors, "Too many commands and no mail").AndClose();
    public static readonly SmtpReply TooManyTransactions = SmtpReply.Of(421, StatusCodes.TooManyErrors, "Too many messages in one session; connect again for the rest").AndClose();
    public static readonly SmtpReply TooManyErrors = SmtpReply.Of(421, StatusCodes.TooManyErrors, "Too many errors").AndClose();
    public static readonly SmtpReply TooManyAuthenticationFailures = SmtpReply.Of(421, StatusCodes.TooManyErrors, "Too many failed authentications").AndClose();
    public static readonly SmtpReply TransitionNeeded = SmtpReply.Of(432, StatusCodes.PasswordTransitionNeeded, "Name or password is wrong, or the account has to sign in by PLAIN or LOGIN once before it can by SCRAM");
    public static readonly SmtpReply NotThere = SmtpReply.Of(450, StatusCodes.MailboxBusy, "Not there: no screen of theirs is open; SOML and SAML reach the mailbox");
    public static readonly SmtpReply TurnRefused = SmtpReply.Of(450, StatusCodes.NotAuthorizedForNow, "Not all of these domains are yours to fetch");
    public static readonly SmtpReply TurnedTooOften = SmtpReply.Of(450, StatusCodes.NotAuthorizedForNow, "Asked for a moment ago; wait a little");
    public static readonly SmtpReply TurnedElsewhere = SmtpReply.Of(450, StatusCodes.SystemNotAccepting, "Another session is fetching this mail");
    public static readonly SmtpReply LocalError = SmtpReply.Of(451, StatusCodes.SystemTemporary, "Local error; nothing was kept, try again");
    public static readonly SmtpReply StorageFull = SmtpReply.Of(452, StatusCodes.SystemStorageFull, "Not enough storage here for now");
    public static readonly SmtpReply TooManyRecipients = SmtpReply.Of(452, StatusCodes.TooManyRecipients, "Too many recipients; send to the rest in another transaction");
    public static readonly SmtpReply NoMail = SmtpReply.Of(453, StatusCodes.OtherTemporary, "You have no mail");
    public static readonly SmtpReply TlsUnavailable = SmtpReply.Of(454, StatusCodes.TemporaryAuthenticationFailure, "TLS is not available for now");
    public static readonly SmtpReply AuthenticationUnavailable = SmtpReply.Of(454, StatusCodes.TemporaryAuthenticationFailure, "Authentication cannot be checked for now");

    public static readonly SmtpReply UnknownCommand = SmtpReply.Of(500, StatusCodes.SyntaxError, "Unknown command");
    public static readonly SmtpReply SayLhlo = SmtpReply.Of(500, StatusCodes.InvalidCommand, "This is LMTP: say LHLO");
    public static readonly SmtpReply SayEhlo = SmtpReply.Of(500, StatusCodes.InvalidCommand, "This is SMTP: say EHLO");
    public static readonly SmtpReply NotSmtp = SmtpReply.Of(500, StatusCodes.InvalidCommand, "This is SMTP, not HTTP").AndClose();
    public static readonly SmtpReply LineTooLong = SmtpReply.Of(500, StatusCodes.SyntaxError, "Line too long").AndClose();
    public static readonly SmtpReply BareLineEnding = SmtpReply.Of(500, StatusCodes.SyntaxError, "Lines end with CR LF; a CR or LF stood alone").AndClose();
    public static readonly SmtpReply NotText = SmtpReply.Of(500, StatusCodes.SyntaxError, "A command is text: no control characters, no invalid UTF-8");
    public static readonly SmtpReply NoArguments = SmtpReply.Of(501, StatusCodes.InvalidArguments, "This command takes no argument");
    public static readonly SmtpReply BadClientName = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Say your host name or address literal: EHLO client.example.net");
    public static readonly SmtpReply BadMailSyntax = SmtpReply.Of(501, StatusCodes.BadSenderSyntax, "Syntax: FROM:<user@example.net>, or FROM:<>, behind the verb");
    public static readonly SmtpReply BadRcptSyntax = SmtpReply.Of(501, StatusCodes.BadMailboxSyntax, "Syntax: RCPT TO:<user@example.net>");
    public static readonly SmtpReply BadParameter = SmtpReply.Of(501, StatusCodes.InvalidArguments, "A parameter is malformed or given twice");
    public static readonly SmtpReply BadDeliverBy = SmtpReply.Of(501, StatusCodes.InvalidArguments, "BY is seconds;R or seconds;N, with T for a trace; R needs more than 0 seconds");
    public static readonly SmtpReply BadHold = SmtpReply.Of(501, StatusCodes.InvalidArguments, "HOLDFOR is a number of seconds, HOLDUNTIL a time to come such as 2030-12-24T18:00:00Z");
    public static readonly SmtpReply HeldTwice = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Either HOLDFOR or HOLDUNTIL, not both");
    public static readonly SmtpReply HeldTooLong = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Messages are not held so long here; EHLO tells how long");
    public static readonly SmtpReply HeldBeyondDeadline = SmtpReply.Of(501, StatusCodes.InvalidArguments, "BY wants it delivered before HOLDFOR or HOLDUNTIL lets it go");
    public static readonly SmtpReply BadPriority = SmtpReply.Of(501, StatusCodes.SyntaxError, "MT-PRIORITY is a number from -9 to 9");
    public static readonly SmtpReply BadEnvelopeId = SmtpReply.Of(501, StatusCodes.InvalidArguments, "ENVID is printable text in xtext, 1 to 100 characters");
    public static readonly SmtpReply BadReturn = SmtpReply.Of(501, StatusCodes.InvalidArguments, "RET is FULL or HDRS");
    public static readonly SmtpReply BadNotify = SmtpReply.Of(501, StatusCodes.InvalidArguments, "NOTIFY is NEVER, or a list of SUCCESS, FAILURE, DELAY");
    public static readonly SmtpReply BadOriginalRecipient = SmtpReply.Of(501, StatusCodes.InvalidArguments, "ORCPT is type;address with the address in xtext: rfc822;user@example.net");
    public static readonly SmtpReply BadVrfySyntax = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Syntax: VRFY user@example.net");
    public static readonly SmtpReply BadExpnSyntax = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Syntax: EXPN list@example.net");
    public static readonly SmtpReply BadEtrnSyntax = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Syntax: ETRN customer.example, or ETRN @customer.example with its subdomains");
    public static readonly SmtpReply BadAtrnSyntax = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Syntax: ATRN, or ATRN customer.example,other.example");
    public static readonly SmtpReply BadBdatSyntax = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Syntax: BDAT octets [LAST]; where the next command begins is not known").AndClose();
    public static readonly SmtpReply BadAuthSyntax = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Syntax: AUTH mechanism [initial-response]");
    public static readonly SmtpReply BadXclientSyntax = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Syntax: XCLIENT attribute=value, each attribute once, values in xtext");
    public static readonly SmtpReply BadXforwardSyntax = SmtpReply.Of(501, StatusCodes.InvalidArguments, "Syntax: XFORWARD attribute=value, each attribute once, values in xtext");
    public static readonly SmtpReply AuthenticationCancelled = SmtpReply.Of(501, StatusCodes.AuthenticationRequired, "Authentication cancelled");
    public static readonly SmtpReply NotOffered = SmtpReply.Of(502, StatusCodes.InvalidCommand, "Not offered here");
    public static readonly SmtpReply GreetFirst = SmtpReply.Of(503, StatusCodes.InvalidCommand, "Out of order: EHLO first");
    public static readonly SmtpReply GreetFirstInLmtp = SmtpReply.Of(503, StatusCodes.InvalidCommand, "Out of order: LHLO first");
    public static readonly SmtpReply MailFirst = SmtpReply.Of(503, StatusCodes.InvalidCommand, "Out of order: MAIL first");
    public static readonly SmtpReply TransactionOpen = SmtpReply.Of(503, StatusCodes.InvalidCommand, "Out of order: a mail transaction is open");
    public static readonly SmtpReply NoValidRecipientsToLmtp = SmtpReply.Of(503, StatusCodes.InvalidCommand, "No valid recipients");
    public static readonly SmtpReply ChunksBegun = SmtpReply.Of(503, StatusCodes.InvalidCommand, "Out of order: a message is coming in chunks; BDAT or RSET");
    public static readonly SmtpReply BinaryNeedsChunks = SmtpReply.Of(503, StatusCodes.InvalidCommand, "A message with BODY=BINARYMIME comes by BDAT");
    public static readonly SmtpReply AlreadyTls = SmtpReply.Of(503, StatusCodes.InvalidCommand, "TLS is on already");
    public static readonly SmtpReply AlreadyAuthenticated = SmtpReply.Of(503, StatusCodes.InvalidCommand, "Authenticated already");
    public static readonly SmtpReply NoSuchMechanism = SmtpReply.Of(504, StatusCodes.InvalidArguments, "No such mechanism");
    public static readonly SmtpReply NoHelp = SmtpReply.Of(504, StatusCodes.InvalidArguments, "There is no such command");
    public static readonly SmtpReply AuthenticationRequired = SmtpReply.Of(530, StatusCodes.AuthenticationRequired, "Authenticate first");
    public static readonly SmtpReply MechanismTooWeak = SmtpReply.Of(534, StatusCodes.MechanismTooWeak, "This mechanism is not allowed here; EHLO lists those that are");
    public static readonly SmtpReply CredentialsInvalid = SmtpReply.Of(535, StatusCodes.CredentialsInvalid, "Name or password is wrong");
    public static readonly SmtpReply EncryptionRequired = SmtpReply.Of(538, StatusCodes.EncryptionNeeded, "STARTTLS first: nobody authenticates in clear");
    public static readonly SmtpReply UnknownName = SmtpReply.Of(550, StatusCodes.NoSuchMailbox, "Nobody here is called so");
    public static readonly SmtpReply ExpansionDenied = SmtpReply.Of(550, StatusCodes.NotAuthorized, "Access denied: members are told to the authenticated");
    public static readonly SmtpReply NoTerminalElsewhere = SmtpReply.Of(550, StatusCodes.FeatureNotSupported, "Screens of other hosts cannot be reached; use MAIL");
    public static readonly SmtpReply NotAProxy = SmtpReply.Of(550, StatusCodes.NotAuthorized, "You may not speak for other clients");
    public static readonly SmtpReply NoSuchLogin = SmtpReply.Of(550, StatusCodes.NotAuthorized, "LOGIN names no account here");
    public static readonly SmtpReply MailboxesHereOnly = SmtpReply.Of(550, StatusCodes.NotAuthorized, "LMTP takes mail for mailboxes here and relays nothing");
    public static readonly SmtpReply MessageTooLarge = SmtpReply.Of(552, StatusCodes.MessageTooLarge, "The message is too large");
    public static readonly SmtpReply EndlessMessage = MessageTooLarge.AndClose();
    public static readonly SmtpReply NonAsciiAddress = SmtpReply.Of(553, StatusCodes.NonAsciiNotPermitted, "An address beyond ASCII needs the parameter SMTPUTF8 at MAIL");
    public static readonly SmtpReply NonAsciiQuestion = SmtpReply.Of(553, StatusCodes.NonAsciiNotPermitted, "A name beyond ASCII needs the parameter SMTPUTF8");
    public static readonly SmtpReply NoValidRecipients = SmtpReply.Of(554, StatusCodes.InvalidCommand, "No valid recipients");
    public static readonly SmtpReply BareLineEndingInMessage = SmtpReply.Of(554, StatusCodes.SyntaxError, "Lines end with CR LF; a CR or LF stood alone in the message").AndClose();
    public static readonly SmtpReply PipeliningError = SmtpReply.Of(554, StatusCodes.InvalidCommand, "Wait for the reply before you go on").AndClose();
    public static readonly SmtpReply NotHeldForScreens = SmtpReply.Of(555, StatusCodes.InvalidArguments, "What goes to a screen is shown at once: HOLDFOR and HOLDUNTIL are for MAIL");
    public static readonly SmtpReply UnknownParameter = SmtpReply.Of(555, StatusCodes.InvalidArguments, "Unknown parameter");

    public static SmtpReply Greeting(Domain host, SmtpRole role) => SmtpReply.Of(220, null, $"{host} {(role == SmtpRole.Lmtp ? "LMTP" : "ESMTP")} MailSuite");

    /// <summary>To the message itself when nobody may have it: RFC 5321 §3.3 lets us choose, RFC 2033 §4.2 does not.</summary>
    public static SmtpReply NoValidRecipientsIn(SmtpRole role) => role == SmtpRole.Lmtp ? NoValidRecipientsToLmtp : NoValidRecipients;

    /// <summary>The reply to HELO, and with keywords the one to EHLO (RFC 5321 §4.1.1.1).</summary>
    public static SmtpReply Hello(Domain host, params IReadOnlyList<string> keywords) => SmtpReply.Of(250, null, [host.Ascii, .. keywords]);

    public static SmtpReply Accepted(string queueId) => SmtpReply.Of(250, StatusCodes.ContentOk, $"Accepted as {queueId}");

    /// <summary>Mailboxes with their names, one a line (RFC 5321 §3.5.1).</summary>
    public static SmtpReply Entries(IReadOnlyList<LookupEntry> entries, bool utf8) => Written([.. entries.Select(entry => Written(entry, utf8))])
        is { } lines ? SmtpReply.Of(250, StatusCodes.RecipientOk, utf8, lines) : Utf8Required;

    public static SmtpReply Ambiguous(IReadOnlyList<LookupEntry> candidates, bool utf8) => Written([.. candidates.Select(entry => Written(entry, utf8))])
        is { } lines ? SmtpReply.Of(553, StatusCodes.AmbiguousAddress, utf8, ["Ambiguous; possibilities are", .. lines]) : Utf8Required;

    /// <summary>The words that RFC 5321 §3.4 has for it.</summary>
    public static SmtpReply WillForward(EnvelopeAddress to, bool utf8) =>
        utf8 || to.IsAscii ? SmtpReply.Of(251, StatusCodes.RecipientOk, utf8, [$"User not local; will forward to <{to}>"]) : Utf8Required;

    /// <summary>Likewise.</summary>
    public static SmtpReply TryElsewhere(EnvelopeAddress to, bool utf8) =>
        SmtpReply.Of(551, StatusCodes.MailboxMoved, utf8, [utf8 || to.IsAscii ? $"User not local; please try <{to}>" : "User not local; the new address needs SMTPUTF8 to be told"]);

    /// <summary>A chunk that is not the last (RFC 3030 §2).</summary>
    public static SmtpReply ChunkTaken(long octets) => SmtpReply.Of(250, StatusCodes.Ok, $"{octets} octets received");

    /// <summary>ETRN's replies, as RFC 1985 §5.3 words them. This one when all of it is being tried already.</summary>
    public static SmtpReply QueueRuns(string node) => SmtpReply.Of(250, StatusCodes.Ok, $"OK, queuing for node {node} started");

    public static SmtpReply NothingWaits(string node) => SmtpReply.Of(251, StatusCodes.Ok, $"OK, no messages waiting for node {node}");

    public static SmtpReply QueueStarted(string node) => SmtpReply.Of(252, StatusCodes.Ok, $"OK, pending messages for node {node} started");

    public static SmtpReply QueueStarted(string node, int messages) => SmtpReply.Of(253, StatusCodes.Ok, $"OK, {messages} pending messages for node {node} started");

    public static SmtpReply NoSuchQueue(string node) => SmtpReply.Of(458, StatusCodes.NotCapableForNow, $"Unable to queue messages for node {node}: queues have no names here");

    public static SmtpReply NodeAskedTooOften(string node) => SmtpReply.Of(458, StatusCodes.SystemNotAccepting, $"Unable to queue messages for node {node}: asked for a moment ago, wait a little");

    public static SmtpReply NodeNotAllowed(string node) => SmtpReply.Of(459, StatusCodes.NotAuthorizedForNow, $"Node {node} not allowed: its mail is not yours to start");

    /// <summary>HELP alone: what host this is, how it stands with the client, and what it understands (RFC 5321 §4.1.1.8).</summary>
    public static SmtpReply Help(Domain host, string session, IEnumerable<string> verbs) => SmtpReply.Of(
        211, StatusCodes.Ok, $"MailSuite at {host}", $"This session: {session}", $"Commands: {string.Join(' ', verbs)}", "HELP with a command tells its syntax");

    public static SmtpReply HelpFor(string syntax) => SmtpReply.Of(214, StatusCodes.Ok, syntax);

    public static SmtpReply Challenge(string base64) => SmtpReply.Of(334, null, base64);

    public static SmtpReply MalformedResponse(string reason) => SmtpReply.Of(501, StatusCodes.SyntaxError, $"Authentication failed: {reason}");

    /// <summary>The exchange itself cannot be trusted.</summary>
    public static SmtpReply ExchangeRefused(string reason) => SmtpReply.Of(535, StatusCodes.CredentialsInvalid, $"Authentication failed: {reason}");

    public static SmtpReply TooManyFailuresFor(TimeSpan wait) =>
        SmtpReply.Of(454, StatusCodes.TemporaryAuthenticationFailure, $"Too many authentications failed; try again in {Math.Max(1, (long)Math.Ceiling(wait.TotalSeconds))} s");

    /// <summary>A name is left out that the client could not read, or that leaves no room for its address; an address never is.</summary>
    private static string? Written(LookupEntry entry, bool utf8)
    {
        if (!utf8 && !entry.Address.IsAscii)
            return null;

        var name = entry.Name?.Replace('<', ' ').Replace('>', ' ').Trim();
        return string.IsNullOrEmpty(name) || name.Length > MaxNameCharacters || (!utf8 && !Ascii.IsValid(name)) ? $"<{entry.Address}>" : $"{name} <{entry.Address}>";
    }

    /// <returns><see langword="null"/> when one of them cannot be told.</returns>
    private static IReadOnlyList<string>? Written(IReadOnlyList<string?> lines) => lines.Contains(null) ? null : [.. lines.OfType<string>()];

    /// <summary>A decision told with its own words; the reply code follows the enhanced code.</summary>
    public static SmtpReply Of(EnhancedStatusCode status, string reason) => SmtpReply.Of(CodeFor(status), status, reason);

    /// <summary>What a policy objects.</summary>
    public static SmtpReply Of(PolicyVerdict.Objection objection)
    {
        var reply = SmtpReply.Of(objection.ReplyCode ?? CodeFor(objection.Status), objection.Status, objection.Reason);
        return objection.EndsSession ? reply.AndClose() : reply;
    }

    /// <summary>Instead of the greeting (RFC 5321 §3.1, §3.8).</summary>
    public static SmtpReply NoGreeting(PolicyVerdict.Objection objection) =>
        SmtpReply.Of(objection is PolicyVerdict.Defer ? 421 : 554, objection.Status, objection.Reason).AndClose();

    private static int CodeFor(EnhancedStatusCode status) => status switch
    {
        { IsTransient: true, Subject: 2, Detail: not 2 } or { IsTransient: true, Subject: 7, Detail: 1 } => 450,
        { IsTransient: true, Subject: 2 } or { IsTransient: true, Subject: 3, Detail: 1 } or { IsTransient: true, Subject: 5, Detail: 3 } => 452,
        { IsTransient: true } => 451,
        { Subject: 1, Detail: 6 } => 551,
        { Subject: 1 } or { Subject: 7 } => 550,
        { Subject: 2, Detail: 2 or 3 } or { Subject: 3, Detail: 4 } => 552,
        { Subject: 2 } => 550,
        { Subject: 6, Detail: 7 } => 553,
        _ => 554,
    };
}
