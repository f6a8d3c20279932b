using MailSuite.Mda.Pop3.Grammar;
using MailSuite.Mda.Pop3.Replies;

namespace MailSuite.Mda.Pop3.Commands;

/// <summary>The message that a command means.</summary>
internal static class MessageArgument
{
    /// <returns>Why there is none, or none any more; <see langword="null"/> when <paramref name="number"/> is one.</returns>
    public static Pop3Reply? Find(Pop3Session session, string arguments, out int number)
    {
        var isNumber = MessageNumber.TryParse(arguments, out var parsed);
        number = parsed.Value;
        return isNumber ? Check(session.Maildrop, parsed) : Pop3Replies.BadMessageNumber;
    }

    public static Pop3Reply? Check(Maildrop maildrop, MessageNumber number) =>
        !maildrop.Has(number) ? Pop3Replies.NoSuchMessage : maildrop.IsDeleted(number.Value) ? Pop3Replies.MessageIsDeleted : null;
}
