using MailSuite.Mda.Store.Sqlite;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mda.Store;

/// <summary>An account's mailboxes, to read and to change.</summary>
internal sealed partial class Mailboxes(
    MailStore store, MessageStaging staging, IJourneyRecorder journeys, MdaOptions options, TimeProvider clock, ILogger<Mailboxes> logger) : IMailboxes
{
    private const int MaxPage = 500;

    /// <summary>Messages that one transaction changes at most, so that a large command does not hold up deliveries.</summary>
    private const int MaxChunk = 500;

    public ValueTask<IReadOnlyList<Mailbox>> ListAsync(AccountId account, CancellationToken cancellationToken) =>
        store.ReadAsync(account, MailboxStatements.List, cancellationToken);

    public ValueTask<Mailbox?> FindAsync(AccountId account, MailboxId mailbox, CancellationToken cancellationToken) =>
        store.ReadAsync((account, mailbox), MailboxStatements.Find, cancellationToken);

    public async ValueTask<MessagePage> PageAsync(AccountId account, MailboxId mailbox, MessagePageRequest request, CancellationToken cancellationToken)
    {
        var bounded = request with { Skip = Math.Max(0, request.Skip), Limit = Math.Clamp(request.Limit, 1, MaxPage) };
        return await store.ReadAsync((account, mailbox, bounded), MessageReading.ReadPage, cancellationToken) ?? new MessagePage([], 0);
    }

    public ValueTask<IReadOnlyList<MessageSummary>> SearchAsync(AccountId account, MessageSearch search, int limit, CancellationToken cancellationToken) =>
        store.ReadAsync((account, search, Math.Clamp(limit, 1, MaxPage)), MessageReading.Search, cancellationToken);

    public async ValueTask<StoredMessage?> OpenAsync(AccountId account, MailboxId mailbox, Uid uid, CancellationToken cancellationToken)
    {
        var opened = await store.ReadAsync((account, mailbox, uid, store.Bodies), MessageReading.Open, cancellationToken);
        if (opened is { Fetched: false, Message.Journey: { } journey } && !opened.Message.Summary.Flags.HasFlag(MessageFlags.Seen))
            await TellFetchedAsync(account, mailbox, uid, journey);
        return opened?.Message;
    }

    public ValueTask<int> ChangeFlagsAsync(
        AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, MessageFlags add, MessageFlags remove, CancellationToken cancellationToken) =>
        InChunksAsync(uids, (turn, chunk) => MessageChanging.ChangeFlags(turn, account, mailbox, chunk, add, remove), cancellationToken);

    public async ValueTask<int> MoveAsync(AccountId account, MailboxId source, IReadOnlyList<Uid> uids, MailboxId target, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        return source == target
            ? 0
            : await InChunksAsync(uids, (turn, chunk) => MessageChanging.Move(turn, account, source, chunk, target, now), cancellationToken);
    }

    public ValueTask<int> ExpungeAsync(AccountId account, MailboxId mailbox, IReadOnlyList<Uid> uids, CancellationToken cancellationToken) =>
        InChunksAsync(uids, (turn, chunk) => MessageChanging.Expunge(turn, account, mailbox, chunk), cancellationToken);

    public async ValueTask<AppendOutcome> AppendAsync(AccountId account, MailboxId mailbox, MessageAppend append, CancellationToken cancellationToken)
    {
        Filing filing;
        try
        {
            if (await FindAsync(account, mailbox, cancellationToken) is null)
                return Gone();

            var message = await staging.StageAsync(
                append.Id, append.Journey, default, append.Content, append.Flags, append.ReceivedAt ?? clock.GetUtcNow(), cancellationToken);
            filing = (await staging.CommitAsync(message, [new FilingTarget(account, mailbox)], cancellationToken))[0];
        }
        catch (StoreFault fault)
        {
            return new AppendOutcome.Refused(fault.Reason);
        }

        if (filing is { Result: FilingResult.Filed } && append.Journey is { } journey)
            await TellFiledAsync(account, mailbox, filing.Uid, journey);
        return filing.Result switch
        {
            FilingResult.Gone => Gone(),
            FilingResult.OverQuota => new AppendOutcome.Refused("The account is full."),
            _ => new AppendOutcome.Appended(filing.UidValidity, filing.Uid),
        };
    }

    private static AppendOutcome.Refused Gone() => new("There is no such mailbox.");

    private async ValueTask<int> InChunksAsync(IReadOnlyList<Uid> uids, Func<WriteTurn, IReadOnlyList<Uid>, int> change, CancellationToken cancellationToken)
    {
        var changed = 0;
        foreach (var chunk in uids.Chunk(MaxChunk))
            changed += await store.WriteAsync(turn => change(turn, chunk), takesSpace: false, cancellationToken);
        return changed;
    }

    private async ValueTask TellFetchedAsync(AccountId account, MailboxId mailbox, Uid uid, JourneyId journey)
    {
        try
        {
            if (!await store.WriteAsync(turn => MessageChanging.SetFetched(turn, mailbox, uid), takesSpace: false, CancellationToken.None))
                return;

            var owner = await store.ReadAsync(account, AccountStatements.Find, CancellationToken.None);
            journeys.Record(Event(journey, JourneyStep.Fetched, $"Read for the first time by {owner?.Account.Address}.", owner?.Account));
        }
        catch (StoreFault fault)
        {
            // The reader gets the message all the same; its next opening is the first then.
            LogNotTold(logger, journey.ToString(), fault);
        }
    }

    private async ValueTask TellFiledAsync(AccountId account, MailboxId mailbox, Uid uid, JourneyId journey)
    {
        // The message is stored by now: a caller who goes away must not hear that it was not.
        var owner = await store.ReadAsync(account, AccountStatements.Find, CancellationToken.None);
        var box = await FindAsync(account, mailbox, CancellationToken.None);
        journeys.Record(Event(journey, JourneyStep.Filed, $"Filed in {box?.Name} of {owner?.Account.Address} as UID {uid}.", owner?.Account));
    }

    private JourneyEvent Event(JourneyId journey, JourneyStep step, string summary, Account? owner) =>
        new(journey, clock.GetUtcNow(), MailRole.MessageStore, step, options.HostName, summary) { Recipients = owner is null ? [] : [owner.Address] };

    [LoggerMessage(Level = LogLevel.Warning, Message = "The first reading of {Journey} could not be noted.")]
    private static partial void LogNotTold(ILogger logger, string journey, Exception exception);
}
