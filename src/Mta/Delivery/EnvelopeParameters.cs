using System.Globalization;
using System.Text;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Smtp.Grammar;

namespace MailSuite.Mta.Delivery;

/// <summary>What the sender asked for, passed on to a host that offers the extension (RFC 3461 §5.2.1, RFC 2852 §4.1.4, RFC 6710 §4.2).</summary>
internal static class EnvelopeParameters
{
    /// <summary>The parameters of MAIL, each with a blank in front.</summary>
    public static void AppendTo(StringBuilder command, MailRequests requests, ServerExtensions extensions, DateTimeOffset now)
    {
        if (extensions.Dsn && requests.Return is { } content)
            command.Append(" RET=").Append(DsnParameters.ToText(content));
        if (extensions.Dsn && requests.EnvelopeId is { } id)
            command.Append(" ENVID=").Append(XText.Encode(id));
        if (extensions.DeliverBy && requests.DeliverBy is { } by)
            command.Append(CultureInfo.InvariantCulture, $" BY={by.SecondsLeft(now)};{(by.Returns ? 'R' : 'N')}{(by.Traces ? "T" : "")}");
        if (extensions.Priority && requests.Priority is { } priority)
            command.Append(CultureInfo.InvariantCulture, $" MT-PRIORITY={priority}");
    }

    /// <summary>The parameters of RCPT, each with a blank in front.</summary>
    public static void AppendTo(StringBuilder command, EnvelopeRecipient recipient, MailRequests requests, ServerExtensions extensions, DateTimeOffset now)
    {
        if (!extensions.Dsn)
            return;

        var notify = NotifyFor(recipient.Notify, requests.DeliverBy, extensions, now);
        if (notify != Notify.Unspecified)
            command.Append(" NOTIFY=").Append(DsnParameters.ToText(notify));
        if (recipient.OriginalRecipient is { } original)
            command.Append(" ORCPT=").Append(DsnParameters.ToText(original));
    }

    /// <summary>As it came; only a host that keeps no time is asked for word of a delay, since nobody else could tell (RFC 2852 §4.1.4.2).</summary>
    private static Notify NotifyFor(Notify notify, DeliverBy? by, ServerExtensions extensions, DateTimeOffset now)
    {
        if (notify == Notify.Never || extensions.DeliverBy || by is not { Returns: false } || now >= by.Deadline)
            return notify;
        return notify == Notify.Unspecified ? Notify.Failure | Notify.Delay : notify | Notify.Delay;
    }
}
