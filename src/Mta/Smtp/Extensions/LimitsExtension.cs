using System.Globalization;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>LIMITS (RFC 9422): the limits that <see cref="Commands.MailCommand"/> and <see cref="Commands.RcptCommand"/> keep, told before they are met.</summary>
internal sealed class LimitsExtension(MtaOptions options) : ISmtpExtension
{
    private readonly string _line = string.Create(CultureInfo.InvariantCulture, $"LIMITS MAILMAX={options.MaxTransactions} RCPTMAX={options.MaxRecipients}");

    public string Offer(SmtpSession session) => _line;
}
