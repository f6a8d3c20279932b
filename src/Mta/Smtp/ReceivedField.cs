using System.Net;
using System.Text;
using MailSuite.Mta.Acceptance;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;

namespace MailSuite.Mta.Smtp;

/// <summary>What a session puts in front of the message it received.</summary>
internal static class ReceivedField
{
    /// <summary>The Received field, what a submitted message lacks, and an empty line where the message has no header at all.</summary>
    public static byte[] For(SmtpSession session, SmtpTransaction transaction, Domain host, HeaderScan header)
    {
        var client = session.Client;
        var from = client.Address is null ? client.Name : $"{client.Name} ({TcpInfo(client.Address, client.Told.Name.Value)})";
        var onlyRecipient = transaction.OnlyRecipient;
        var fields = TraceFields.Received(from, host, ProtocolOf(session, transaction), transaction.QueueId, onlyRecipient, transaction.ReceivedAt, transaction.Requests.Priority);

        if (session.IsSubmission)
            fields += TraceFields.Missing(header, transaction.ReversePath.Address ?? session.Account?.Address, transaction.Id.Value, host, transaction.ReceivedAt);

        // DEVIATION: RFC 5321 §6.4 lets a relay mend nothing. Text without a header would become one by standing under our field.
        if (!header.BeginsWithField && !header.IsEmpty)
            fields += "\r\n";
        return Encoding.UTF8.GetBytes(fields);
    }

    /// <summary>TCP-info of RFC 5321 §4.4, with the host's name where a server in front of ours has told it.</summary>
    private static string TcpInfo(IPAddress address, string? hostName) =>
        hostName is null ? TraceFields.AddressLiteral(address) : $"{hostName} {TraceFields.AddressLiteral(address)}";

    /// <summary>The "with" types of RFC 3848 and RFC 6531 §4.3.</summary>
    private static string ProtocolOf(SmtpSession session, SmtpTransaction transaction)
    {
        if (!session.Client.IsExtended)
            return "SMTP";

        var protocol = (session.Role == SmtpRole.Lmtp, transaction.SmtpUtf8) switch
        {
            (false, false) => "ESMTP",
            (false, true) => "UTF8SMTP",
            (true, false) => "LMTP",
            (true, true) => "UTF8LMTP",
        };
        if (session.Tls is not null)
            protocol += "S";
        if (session.Account is not null)
            protocol += "A";
        return session.Tls is { } tls ? $"{protocol} ({tls.Protocol} {tls.CipherSuite})" : protocol;
    }
}
