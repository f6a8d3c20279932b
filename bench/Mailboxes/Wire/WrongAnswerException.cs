namespace MailSuite.Bench.Mailboxes.Wire;

/// <summary>The server has said something that cannot be true, or has not said what it must.</summary>
internal sealed class WrongAnswerException(string what) : Exception(what);
