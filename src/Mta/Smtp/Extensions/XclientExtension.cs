using MailSuite.Mta.Smtp.Grammar;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp.Extensions;

/// <summary>XCLIENT (Postfix's XCLIENT_README): offered to the peers that may speak for other clients, and to nobody else.</summary>
internal sealed class XclientExtension(MtaOptions options) : ISmtpExtension
{
    internal const string Keyword = "XCLIENT";

    private static readonly string Line = $"{Keyword} {string.Join(' ', ClientAttributes.OfXclient)}";

    public static bool IsFor(SmtpSession session, MtaOptions options) => session.Client.IsIn(options.XclientPeers);

    public string? Offer(SmtpSession session) => IsFor(session, options) ? Line : null;
}
