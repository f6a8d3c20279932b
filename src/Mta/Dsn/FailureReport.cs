using System.Text;
using MailSuite.Mta.Delivery;
using MailSuite.Mta.Envelope;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MimeKit;

namespace MailSuite.Mta.Dsn;

/// <summary>Composes the message that tells a sender what could not be delivered: multipart/report (RFC 6522) of a delivery status (RFC 3464).</summary>
internal sealed class FailureReport(MtaOptions options, TimeProvider clock)
{
    /// <summary>Octets of the returned header; a longer one is cut after the last whole line.</summary>
    private const int MaxHeaderOctets = 64 * 1024;

    private const int MaxMessageIdCharacters = 250;

    /// <param name="message">With the recipients that have failed, and only those. Its reverse-path is not null.</param>
    /// <param name="postmaster">In whose name it is written.</param>
    public async Task<SpooledMessage> ComposeAsync(QueuedMessage message, EnvelopeAddress postmaster, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = QueueId.New(clock);
        var sender = message.ReversePath.Address ?? throw new InvalidOperationException($"Message {message.Id} has a null reverse-path: nobody may be told.");
        var header = await ReadHeaderAsync(message.Content, cancellationToken);
        var original = ReadFields(header);

        var report = new MultipartReport("delivery-status");
        report.Add(new TextPart("plain") { Text = ReportText.Write(message, options.HostName.Unicode, original[HeaderId.Subject]), ContentTransferEncoding = ContentEncoding.QuotedPrintable });
        report.Add(StatusFields(message, now));
        report.Add(new MimePart("text", "rfc822-headers")
        {
            Content = new MimeContent(new MemoryStream(header)),
            ContentTransferEncoding = Ascii.IsValid(header) ? ContentEncoding.SevenBit : ContentEncoding.QuotedPrintable,
        });

        var composed = new MimeMessage { Date = now, MessageId = $"{id}@{options.HostName.Ascii}", Subject = "Your message could not be delivered", Body = report };
        composed.From.Add(new MailboxAddress("Mail delivery", postmaster.ToString()));
        composed.To.Add(new MailboxAddress("", sender.ToString()));
        composed.Headers.Add(HeaderId.AutoSubmitted, "auto-replied"); // RFC 3834 §5
        if (MessageIdOf(original) is { } answered)
        {
            composed.Headers.Add(HeaderId.InReplyTo, $"<{answered}>");
            composed.Headers.Add(HeaderId.References, $"<{answered}>");
        }

        var octets = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.International = !sender.IsAscii;
        await composed.WriteToAsync(format, octets, cancellationToken);
        return new SpooledMessage(
            id, JourneyId.New(clock), ReversePath.Null, [new SpooledRecipient(WayBack(message.ReversePath), null)], BodyType.SevenBit, SmtpUtf8: !sender.IsAscii,
            new MemoryContent(octets.ToArray()), now);
    }

    /// <summary>The sender, by the hosts over which the message came where it is known (RFC 821 §3.6); our own name stands first where we sent it on.</summary>
    private EnvelopeRecipient WayBack(ReversePath path) => new(path.Address!) { Route = [.. path.Route.SkipWhile(host => host.Equals(options.HostName))] };

    private static async Task<byte[]> ReadHeaderAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        try
        {
            await using var stream = content.OpenRead();
            var block = new byte[(int)Math.Min(content.Octets, MaxHeaderOctets)];
            var read = await stream.ReadAtLeastAsync(block, block.Length, throwOnEndOfStream: false, cancellationToken);
            var header = block.AsSpan(0, HeaderSection.LengthOf(block.AsSpan(0, read)));
            return header[..(header.LastIndexOf((byte)'\n') + 1)].ToArray();
        }
        catch (IOException)
        {
            // The body's file is gone or cannot be read: the sender shall still hear of the failure.
            return [];
        }
    }

    private static HeaderList ReadFields(byte[] header)
    {
        try
        {
            return HeaderList.Load(new MemoryStream(header));
        }
        catch (FormatException)
        {
            return [];
        }
    }

    /// <summary>The id of the message; <see langword="null"/> for one so odd that a field of ours had better not hold it.</summary>
    private static string? MessageIdOf(HeaderList original)
    {
        var id = original[HeaderId.MessageId] is { } field ? MimeKit.Utils.MimeUtils.EnumerateReferences(field).FirstOrDefault() : null;
        return id is { Length: > 0 and <= MaxMessageIdCharacters } && id.All(c => c is > ' ' and <= '~' and not ('<' or '>')) ? id : null;
    }

    private MessageDeliveryStatus StatusFields(QueuedMessage message, DateTimeOffset now)
    {
        var status = new MessageDeliveryStatus();
        status.StatusGroups.Add(new HeaderList
        {
            { "Reporting-MTA", $"dns; {options.HostName.Ascii}" },
            { "Arrival-Date", MimeKit.Utils.DateUtils.FormatDate(message.AcceptedAt) },
        });
        foreach (var recipient in message.Recipients)
        {
            var last = recipient.Last ?? throw new InvalidOperationException($"{recipient.Address} of message {message.Id} failed without a reason.");
            var group = new HeaderList
            {
                { "Final-Recipient", recipient.Address.IsAscii ? $"rfc822; {recipient.Address}" : $"utf-8; {Utf8AddressXText.Encode(recipient.Address)}" },
                { "Action", "failed" },
                { "Status", last.Status.ToString() },
            };
            if (last.RemoteHost is not null)
                group.Add("Remote-MTA", $"dns; {last.RemoteHost}");
            if (last.RemoteReply is not null)
                group.Add("Diagnostic-Code", $"smtp; {Printable(last.RemoteReply.Replace('\n', ' '))}");
            group.Add("Last-Attempt-Date", MimeKit.Utils.DateUtils.FormatDate(recipient.LastAttemptAt ?? now));
            status.StatusGroups.Add(group);
        }

        return status;
    }

    /// <summary>The fields of a delivery status are printable ASCII (RFC 3464 §2.1.2).</summary>
    private static string Printable(string text) => new([.. text.Select(c => c is >= ' ' and <= '~' ? c : '?')]);
}
