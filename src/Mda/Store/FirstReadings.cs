using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Store;

/// <summary>A message that is read for the first time, it seems.</summary>
internal readonly record struct FirstReading(Uid Uid, JourneyId Journey);

/// <summary>Tells journeys that their messages were read, by whatever program, once each.</summary>
internal sealed partial class FirstReadings(MailStore store, IJourneyRecorder journeys, MdaOptions options, TimeProvider clock, ILogger<FirstReadings> logger)
{
    /// <summary>Whether a reading of a message is one to tell.</summary>
    /// <param name="fetched">Whether one was told before.</param>
    internal static bool IsFirst(MessageFlags flags, bool fetched) => !fetched && !flags.HasFlag(MessageFlags.Seen);

    /// <param name="account">Whose mailbox it is.</param>
    internal async ValueTask TellAsync(AccountId account, MailboxId mailbox, IReadOnlyList<FirstReading> readings)
    {
        try
        {
            var first = await store.WriteAsync(turn => readings.Where(reading => FlagStatements.SetFetched(turn, mailbox, reading.Uid)).ToArray(), takesSpace: false, CancellationToken.None);
            if (first.Length == 0)
                return;

            var owner = await store.ReadAsync(account, AccountStatements.Find, CancellationToken.None);
            foreach (var reading in first)
            {
                journeys.Record(new JourneyEvent(
                    reading.Journey, clock.GetUtcNow(), MailRole.MessageStore, JourneyStep.Fetched, options.HostName, $"Read for the first time by {owner?.Account.Address}.")
                {
                    Recipients = owner is null ? [] : [owner.Account.Address],
                });
            }
        }
        catch (StoreFault fault)
        {
            // The reader gets the message all the same; its next reading is the first then.
            LogNotTold(logger, mailbox, fault);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "First readings in mailbox {Mailbox} could not be noted.")]
    private static partial void LogNotTold(ILogger logger, MailboxId mailbox, Exception exception);
}
