using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>XFORWARD (Postfix's XFORWARD_README): offered to the peers that may tell where a message came from, and to nobody else.</summary>
internal sealed class XforwardExtension(MtaOptions options) : ISmtpExtension
{
    internal const string Keyword = "XFORWARD";

    private static readonly string Line = $"{Keyword} {string.Join(' ', ClientAttributes.OfXforward)}";

    public static bool IsFor(SmtpSession session, MtaOptions options) => session.Client.IsIn(options.XforwardPeers);

    public string? Offer(SmtpSession session) => IsFor(session, options) ? Line : null;
}
