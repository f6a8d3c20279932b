using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>MT-PRIORITY (RFC 6710): what is more urgent leaves first. All 19 levels are distinct, so that no policy is named.</summary>
/// <remarks>Who has not authenticated may lower a priority and not raise it (§4.1): his mail is taken with priority 0, and he is told.</remarks>
internal sealed class MtPriorityExtension : ISmtpExtension
{
    private const string Keyword = "MT-PRIORITY";

    public string Offer(SmtpSession session) => Keyword;

    public IReadOnlyList<string> MailParameters { get; } = [Keyword];

    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction)
    {
        if (!PriorityParameter.TryParse(parameter.Value, out var priority))
            return SmtpReplies.BadPriority;

        if (priority > 0 && session.Account is null)
        {
            priority = 0;
            transaction.OpeningReply = SmtpReplies.PriorityLowered;
        }

        transaction.Requests = transaction.Requests with { Priority = priority };
        return null;
    }
}
