namespace MailSuite.Shared.Status;

/// <summary>The codes that MailSuite uses, each named for what it says (RFC 3463 §3, RFC 5248 §2.4 and its registry).</summary>
public static class StatusCodes
{
    public static readonly EnhancedStatusCode Ok = new(2, 0, 0);
    public static readonly EnhancedStatusCode OriginatorOk = new(2, 1, 0);
    public static readonly EnhancedStatusCode RecipientOk = new(2, 1, 5);
    public static readonly EnhancedStatusCode PriorityChanged = new(2, 3, 6);
    public static readonly EnhancedStatusCode Utf8ReplyRequired = new(2, 6, 8);
    public static readonly EnhancedStatusCode ContentOk = new(2, 6, 0);
    public static readonly EnhancedStatusCode AuthenticationSucceeded = new(2, 7, 0);

    public static readonly EnhancedStatusCode OtherTemporary = new(4, 0, 0);
    public static readonly EnhancedStatusCode MailboxBusy = new(4, 2, 1);
    public static readonly EnhancedStatusCode MailboxFullForNow = new(4, 2, 2);
    public static readonly EnhancedStatusCode SystemStorageFull = new(4, 3, 1);
    public static readonly EnhancedStatusCode SystemNotAccepting = new(4, 3, 2);
    public static readonly EnhancedStatusCode SystemTemporary = new(4, 3, 0);
    public static readonly EnhancedStatusCode NotCapableForNow = new(4, 3, 3);
    public static readonly EnhancedStatusCode NoAnswerFromHost = new(4, 4, 1);
    public static readonly EnhancedStatusCode ConnectionDropped = new(4, 4, 2);
    public static readonly EnhancedStatusCode DirectoryServerFailure = new(4, 4, 3);
    public static readonly EnhancedStatusCode UnableToRouteForNow = new(4, 4, 4);
    public static readonly EnhancedStatusCode TransactionTimeOut = new(4, 4, 7);
    public static readonly EnhancedStatusCode ProtocolTemporary = new(4, 5, 0);
    public static readonly EnhancedStatusCode TooManyRecipients = new(4, 5, 3);
    public static readonly EnhancedStatusCode TooManyErrors = new(4, 7, 0);
    public static readonly EnhancedStatusCode TemporaryAuthenticationFailure = new(4, 7, 0);
    public static readonly EnhancedStatusCode NotAuthorizedForNow = new(4, 7, 1);
    public static readonly EnhancedStatusCode SecurityFeatureMissingForNow = new(4, 7, 4);
    public static readonly EnhancedStatusCode CryptographicFailureForNow = new(4, 7, 5);
    public static readonly EnhancedStatusCode CredentialsRefusedForNow = new(4, 7, 8);
    public static readonly EnhancedStatusCode PasswordTransitionNeeded = new(4, 7, 12);

    public static readonly EnhancedStatusCode OtherPermanent = new(5, 0, 0);
    public static readonly EnhancedStatusCode NoSuchMailbox = new(5, 1, 1);
    public static readonly EnhancedStatusCode NoSuchDomain = new(5, 1, 2);
    public static readonly EnhancedStatusCode BadMailboxSyntax = new(5, 1, 3);
    public static readonly EnhancedStatusCode AmbiguousAddress = new(5, 1, 4);
    public static readonly EnhancedStatusCode MailboxMoved = new(5, 1, 6);
    public static readonly EnhancedStatusCode BadSenderSyntax = new(5, 1, 7);
    public static readonly EnhancedStatusCode NullMx = new(5, 1, 10);
    public static readonly EnhancedStatusCode MailboxFull = new(5, 2, 2);
    public static readonly EnhancedStatusCode MessageTooLargeForMailbox = new(5, 2, 3);
    public static readonly EnhancedStatusCode MessageTooLarge = new(5, 3, 4);
    public static readonly EnhancedStatusCode FeatureNotSupported = new(5, 3, 3);
    public static readonly EnhancedStatusCode UnableToRoute = new(5, 4, 4);
    public static readonly EnhancedStatusCode RoutingLoop = new(5, 4, 6);
    public static readonly EnhancedStatusCode DeliveryTimeExpired = new(5, 4, 7);
    public static readonly EnhancedStatusCode InvalidCommand = new(5, 5, 1);
    public static readonly EnhancedStatusCode SyntaxError = new(5, 5, 2);
    public static readonly EnhancedStatusCode InvalidArguments = new(5, 5, 4);
    public static readonly EnhancedStatusCode MediaNotSupported = new(5, 6, 1);
    public static readonly EnhancedStatusCode ConversionRequired = new(5, 6, 3);
    public static readonly EnhancedStatusCode NonAsciiNotPermitted = new(5, 6, 7);
    public static readonly EnhancedStatusCode NotAuthorized = new(5, 7, 1);
    public static readonly EnhancedStatusCode SecurityFeatureNotSupported = new(5, 7, 4);
    public static readonly EnhancedStatusCode EncryptionNeeded = new(5, 7, 11);
    public static readonly EnhancedStatusCode MechanismTooWeak = new(5, 7, 9);
    public static readonly EnhancedStatusCode CredentialsInvalid = new(5, 7, 8);
    public static readonly EnhancedStatusCode AuthenticationRequired = new(5, 7, 0);
}
