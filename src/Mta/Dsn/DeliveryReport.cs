using MailSuite.Mta.Envelope;
using MailSuite.Mta.Forwarding;
using MailSuite.Mta.Spool;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using MimeKit;

namespace MailSuite.Mta.Dsn;

/// <summary>Composes the message that tells a sender what became of one of his: multipart/report (RFC 6522) of a delivery status (RFC 3464).</summary>
internal sealed class DeliveryReport(MtaOptions options, SenderRewriting rewriting, TimeProvider clock)
{
    private const int MaxMessageIdCharacters = 250;

    /// <param name="message">With the recipients that there is news of, and only those.</param>
    /// <param name="to">Who is told where the reverse-path is null, and so the message one that nobody else may be told of; otherwise it is not looked at.</param>
    /// <param name="postmaster">In whose name it is written.</param>
    public async Task<SpooledMessage> ComposeAsync(QueuedMessage message, ReportKind kind, EnvelopeAddress? to, EnvelopeAddress postmaster, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var id = QueueId.New(clock);
        var reader = message.ReversePath.IsNull ? Postmaster(to) : WayBack(message.ReversePath);
        var international = !reader.Address.IsAscii;

        // RET speaks of failures only (RFC 3461 §4.3); where it says nothing the header is enough to know the message by. A report that nobody got is worth reading.
        var whole = kind == ReportKind.Failed && (message.Requests.Return == ReturnContent.Full || message.ReversePath.IsNull);
        var returned = await ReturnedMessage.ReadAsync(message.Content, whole ? options.Relay.MaxReturnedOctets : 0, international, cancellationToken);
        var text = new ReportText(message, kind, options.HostName.Unicode, returned.Fields[HeaderId.Subject], returned.IsWhole, RetriedUntil(message));

        var report = new MultipartReport("delivery-status");
        report.Add(new TextPart("plain") { Text = text.Write(), ContentTransferEncoding = ContentEncoding.QuotedPrintable });
        report.Add(new StatusFields(options.HostName, now, international).Of(message, kind, RetriedUntil(message)));
        report.Add(returned.Part);

        var composed = new MimeMessage { Date = now, MessageId = $"{id}@{options.HostName.Ascii}", Subject = text.Subject(), Body = report };
        composed.From.Add(new MailboxAddress("Mail delivery", postmaster.ToString()));
        composed.To.Add(new MailboxAddress("", reader.Address.ToString()));
        composed.Headers.Add(HeaderId.AutoSubmitted, "auto-replied"); // RFC 3834 §5
        if (MessageIdOf(returned.Fields) is { } answered)
        {
            composed.Headers.Add(HeaderId.InReplyTo, $"<{answered}>");
            composed.Headers.Add(HeaderId.References, $"<{answered}>");
        }

        var octets = new MemoryStream();
        var format = FormatOptions.Default.Clone();
        format.NewLineFormat = NewLineFormat.Dos;
        format.International = international;
        await composed.WriteToAsync(format, octets, cancellationToken);
        return new SpooledMessage(
            id, JourneyId.New(clock), ReversePath.Null, [new SpooledRecipient(reader, null)], returned.IsSevenBit && !international ? BodyType.SevenBit : BodyType.EightBitMime,
            SmtpUtf8: international, new MemoryContent(octets.ToArray()), now)
        {
            // RFC 6710 §4.6: news of a message travels as the message does.
            Requests = message.Requests.Priority is { } priority ? MailRequests.None with { Priority = priority } : MailRequests.None,
        };
    }

    /// <summary>The address stands twice, so that it is known even where an alias sends it on: such a report is the last (<see cref="DoubleBounces"/>).</summary>
    private static EnvelopeRecipient Postmaster(EnvelopeAddress? to) =>
        new(to ?? throw new InvalidOperationException("A message with a null reverse-path has nobody to be told.")) { OriginalRecipient = OriginalRecipient.Of(to) };

    /// <summary>The sender, by the hosts over which the message came where it is known (RFC 821 §3.6); our own name stands first where we sent it on.</summary>
    private EnvelopeRecipient WayBack(ReversePath path) => new(Sender(path.Address!)) { Route = [.. path.Route.SkipWhile(host => host.Equals(options.HostName))] };

    /// <summary>What we have rewritten ourselves needs no way over us.</summary>
    private EnvelopeAddress Sender(EnvelopeAddress address) => !rewriting.IsRewritten(address) ? address : rewriting.Read(address) switch
    {
        SrsAnswer.Sender(var sender) => sender,
        SrsAnswer.Expired(var sender) => sender,
        _ => address,
    };

    private DateTimeOffset RetriedUntil(QueuedMessage message) => message.ReleasedAt + options.Relay.Lifetime;

    /// <summary>The id of the message; <see langword="null"/> for one so odd that a field of ours had better not hold it.</summary>
    private static string? MessageIdOf(HeaderList original)
    {
        var id = original[HeaderId.MessageId] is { } field ? MimeKit.Utils.MimeUtils.EnumerateReferences(field).FirstOrDefault() : null;
        return id is { Length: > 0 and <= MaxMessageIdCharacters } && id.All(c => c is > ' ' and <= '~' and not ('<' or '>')) ? id : null;
    }
}
