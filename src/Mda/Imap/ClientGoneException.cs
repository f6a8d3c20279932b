namespace MailSuite.Mda.Imap;

/// <summary>Nobody is there any more to answer, or nobody who reads; the session ends without another word.</summary>
internal sealed class ClientGoneException(string reason) : Exception(reason);
