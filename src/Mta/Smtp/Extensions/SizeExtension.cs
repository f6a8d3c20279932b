using System.Globalization;
using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Mta.Smtp.Replies;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>SIZE (RFC 1870): tells the limit, and refuses at MAIL what says of itself that it is larger.</summary>
internal sealed class SizeExtension(MtaOptions options) : ISmtpExtension
{
    private const string Keyword = "SIZE";

    private readonly string _line = $"{Keyword} {options.MaxMessageOctets}";

    public string Offer(SmtpSession session) => _line;

    public IReadOnlyList<string> MailParameters { get; } = [Keyword];

    public SmtpReply? Apply(EsmtpParameter parameter, SmtpSession session, SmtpTransaction transaction)
    {
        // size-value = 1*20DIGIT (RFC 1870 §4): what does not fit into 64 bits is too large all the same.
        if (parameter.Value is not { Length: <= 20 } digits || !digits.All(char.IsAsciiDigit))
            return SmtpReplies.BadParameter;

        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var octets) || octets > options.MaxMessageOctets)
            return SmtpReplies.MessageTooLarge;

        transaction.DeclaredOctets = octets;
        return null;
    }
}
