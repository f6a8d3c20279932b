using System.Threading.Channels;
using MailSuite.Mta.Acceptance;
using MailSuite.Mta.Forwarding;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Dsn.Incoming;

/// <summary>Ties reports that come from other hosts to the journey of the message that they speak of, behind the acceptance and away from it.</summary>
/// <remarks>
/// A notice: under overload, and when the program ends, reports are passed over. Nothing follows from a report but an event that says whose word it is.
/// A report counts only for a message that the mailbox it came for has sent (README.md).
/// </remarks>
/// <param name="lookup">Without it nothing is read.</param>
internal sealed partial class ReceivedReports(
    MtaOptions options, SenderRewriting rewriting, IJourneyRecorder journeys, TimeProvider clock, ILogger<ReceivedReports> logger, IJourneyLookup? lookup = null) : BackgroundService
{
    /// <summary>Reports that wait to be read, of <see cref="ReportReader.MaxOctets"/> each.</summary>
    private const int MaxWaiting = 100;

    /// <summary>Addresses that a report has come for and that are looked at.</summary>
    private const int MaxAddressees = 10;

    private const string Daemon = "mailer-daemon";

    private readonly Channel<Item> _items = Channel.CreateBounded<Item>(new BoundedChannelOptions(MaxWaiting) { SingleReader = true, FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Whether a message may be a report, by its envelope.</summary>
    public bool Concerns(Handover message) => lookup is not null
        && (message.ReversePath.Address is not { } sender || string.Equals(sender.LocalPart, Daemon, StringComparison.OrdinalIgnoreCase));

    /// <summary>Takes the beginning of a message that has been accepted, and reads it later.</summary>
    public async ValueTask OfferAsync(Handover message)
    {
        try
        {
            // Whom it was sent back to: a mailbox or alias here, or the sender that a rewritten one stands for.
            var addressees = message.Local.Select(recipient => recipient.Address)
                .Concat(message.Forwards.Select(forward => rewriting.IsRewritten(forward.Alias.Address) && forward.Targets.Count > 0 ? forward.Targets[0] : forward.Alias.Address))
                .Take(MaxAddressees).ToList();
            if (addressees.Count > 0)
                _items.Writer.TryWrite(new Item(message.Journey, addressees, await BeginningOfAsync(message.Content)));
        }
        catch (IOException e)
        {
            LogUnreadable(e, message.Journey);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var item in _items.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                await ReadAsync(item, stoppingToken);
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                LogUnreadable(e, item.Journey);
            }
        }
    }

    private async Task ReadAsync(Item item, CancellationToken cancellationToken)
    {
        if (ReportReader.Read(item.Octets) is not { } report)
            return;

        foreach (var addressee in item.Addressees)
        {
            if (await lookup!.FindAsync(report.Names, addressee, cancellationToken) is { } original && original != item.Journey)
            {
                Tell(item.Journey, original, addressee, report);
                return;
            }
        }
    }

    private void Tell(JourneyId journey, JourneyId original, EnvelopeAddress sender, ReceivedReport report)
    {
        var reporter = report.Reporter ?? "A host that gives no name";
        foreach (var recipient in report.Recipients)
        {
            var status = recipient.Status is { } code ? $" ({code})" : "";
            journeys.Record(Event(original, JourneyStep.Heard, $"{reporter} reported: {recipient.Action.ToString().ToLowerInvariant()} for {recipient.Address ?? "a recipient that it does not name"}{status}.") with
            {
                Reason = string.Join(": ", new[] { recipient.RemoteHost, recipient.Words }.Where(text => !string.IsNullOrEmpty(text))) is { Length: > 0 } words ? words : null,
                // Of one that cannot be read only the sender is to know.
                Recipients = [EnvelopeAddress.TryParse(recipient.Address, out var address) ? address : sender],
                Related = journey,
            });
        }

        journeys.Record(Event(journey, JourneyStep.Checked, $"It is a report of {reporter} about a message of {sender}.") with { Related = original });
        LogTied(journey, reporter, original);
    }

    private JourneyEvent Event(JourneyId journey, JourneyStep step, string summary) => new(journey, clock.GetUtcNow(), MailRole.Mta, step, options.HostName.Ascii, summary);

    private static async ValueTask<byte[]> BeginningOfAsync(IMessageContent content)
    {
        var octets = new byte[(int)Math.Min(content.Octets, ReportReader.MaxOctets)];
        await using var stream = content.OpenRead();
        var read = await stream.ReadAtLeastAsync(octets, octets.Length, throwOnEndOfStream: false);
        return octets[..read];
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The report with the journey {Journey}, of {Reporter}, speaks of the message with the journey {Original}")]
    private partial void LogTied(JourneyId journey, string reporter, JourneyId original);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The message with the journey {Journey} could not be looked at for a report")]
    private partial void LogUnreadable(Exception error, JourneyId journey);

    private sealed record Item(JourneyId Journey, IReadOnlyList<EnvelopeAddress> Addressees, byte[] Octets);
}
