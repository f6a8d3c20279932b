using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;

namespace MailSuite.Mta.Acceptance;

/// <summary>The lines that an MTA puts in front of a message (RFC 5321 §4.4).</summary>
internal static class TraceFields
{
    /// <summary>Time-stamp-line of RFC 5321 §4.4, folded, with its CRLF.</summary>
    /// <param name="from">Extended-Domain: the client's name and its address; <see langword="null"/> for a message that came over no connection.</param>
    /// <param name="protocol">With what it came: <c>ESMTPS</c> (RFC 3848), <c>UTF8SMTPSA</c> (RFC 6531 §4.3), and a comment about TLS.</param>
    /// <param name="priority">The clause that MT-PRIORITY adds (RFC 6710 §4.1); <see langword="null"/> where it said nothing.</param>
    /// <param name="onlyRecipient">Named only when it is the only one, since the others must not learn of each other (RFC 5321 §7.2).</param>
    public static string Received(string? from, Domain host, string protocol, QueueId queueId, EnvelopeAddress? onlyRecipient, DateTimeOffset at, int? priority = null)
    {
        var field = new StringBuilder("Received: ");
        if (from is not null)
            field.Append("from ").Append(from).Append("\r\n\t");
        field.Append("by ").Append(host).Append(" with ").Append(protocol).Append(" id ").Append(queueId);
        if (onlyRecipient is not null)
            field.Append("\r\n\tfor <").Append(onlyRecipient).Append('>');
        if (priority is { } level)
            field.Append(CultureInfo.InvariantCulture, $"\r\n\tPRIORITY {level}");
        return field.Append(";\r\n\t").Append(DateTime(at)).Append("\r\n").ToString();
    }

    /// <summary>TCP-info as an address literal (RFC 5321 §4.1.3): <c>[192.0.2.1]</c>, <c>[IPv6:2001:db8::1]</c>.</summary>
    public static string AddressLiteral(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[IPv6:{new IPAddress(address.GetAddressBytes())}]" : $"[{address}]";

    /// <summary>The fields that RFC 5322 §3.6 demands and a submitted message lacks (RFC 6409 §8.2, §8.3).</summary>
    /// <param name="author">Who is named where nobody is; <see langword="null"/> to name nobody.</param>
    public static string Missing(HeaderScan header, EnvelopeAddress? author, Guid id, Domain host, DateTimeOffset at)
    {
        var fields = new StringBuilder();
        if (!header.HasDate)
            fields.Append("Date: ").Append(DateTime(at)).Append("\r\n");
        if (!header.HasFrom && author is not null)
            fields.Append("From: <").Append(author).Append(">\r\n");
        if (header.MessageId is null)
            fields.Append("Message-ID: <").Append(id.ToString("N")).Append('@').Append(host).Append(">\r\n");
        return fields.ToString();
    }

    /// <summary>date-time (RFC 5322 §3.3), in UTC.</summary>
    public static string DateTime(DateTimeOffset at) => at.ToUniversalTime().ToString("ddd, dd MMM yyyy HH:mm:ss +0000", CultureInfo.InvariantCulture);
}
