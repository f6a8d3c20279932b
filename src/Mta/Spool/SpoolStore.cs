using System.Security.Cryptography;
using System.Text;
using MailSuite.Mta.Metrics;
using MailSuite.Mta.Notices;
using MailSuite.Mta.Spool.Sqlite;
using MailSuite.Shared.Content;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Contracts.Mua;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;
using Microsoft.Extensions.Logging;

namespace MailSuite.Mta.Spool;

/// <summary>The spool on disk (README.md): what the accepting half calls, and what the queue takes from it and gives back.</summary>
internal sealed partial class SpoolStore : ISpool, IAsyncDisposable
{
    public const string DatabaseName = "mta.db";

    public const string FolderName = "spool";

    /// <summary>Recipients made due in one write.</summary>
    private const int MaxMadeDue = 1000;

    /// <summary>Recipients of a dead destination up to which they are put off on disk; of more the queue remembers that there are some.</summary>
    private const int MaxPutOff = 100;

    /// <summary>Messages that are done, forgotten in one write.</summary>
    private const int MaxForgotten = 1000;

    private readonly MtaOptions _options;
    private readonly TimeProvider _clock;
    private readonly Arrivals _arrivals;
    private readonly NoticeTimes _notices;
    private readonly IJourneyRecorder _journeys;
    private readonly ILogger<SpoolStore> _logger;
    private readonly NoticeOutbox? _outbox;
    private readonly SpoolDatabase _database;
    private readonly BodyFiles _bodies;
    private SpoolWriter? _writer;

    public SpoolStore(MtaOptions options, TimeProvider clock, Arrivals arrivals, IJourneyRecorder journeys, ILogger<SpoolStore> logger, NoticeOutbox? outbox = null)
    {
        _options = options;
        _clock = clock;
        _arrivals = arrivals;
        _notices = new NoticeTimes(options.Relay);
        _journeys = journeys;
        _logger = logger;
        _outbox = outbox;
        _database = new SpoolDatabase(Path.Combine(options.DataDirectory, DatabaseName), options.BusyTimeout);
        _bodies = new BodyFiles(Path.Combine(options.DataDirectory, FolderName));
        Reader = new SpoolReader(_database, _bodies);
    }

    public SpoolReader Reader { get; }

    private SpoolWriter Writer => _writer ?? throw new InvalidOperationException("The spool is not open yet.");

    /// <summary>Brings the database to its present form, sweeps what a crash left, and lets writes begin. Once, before anything else.</summary>
    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await new SpoolSchema(_database.Path, _clock).UpgradeAsync(cancellationToken);
        LoadNotices();
        _writer = new SpoolWriter(_database.OpenWriter());
        _suppressed.Load(Suppressions.Addresses(SuppressedAddresses.MaxAddresses + 1));
        var swept = _bodies.Sweep(Reader.BodyFiles());
        if (swept > 0)
            LogSwept(swept);
    }

    public async ValueTask AcceptAsync(SpooledMessage message, CancellationToken cancellationToken)
    {
        // Its body's file is there, and perhaps being read.
        if (message.Content.Octets > _options.LargeMessageOctets && Reader.Knows(message.Id))
            return;

        var item = await PrepareAsync(message, related: null, cancellationToken);
        using var notices = await NoticesOfAsync(message);
        if (await WriteNewAsync(item, commands => Announced(item, commands.Accept(item)) is { } rows ? Tell(commands, notices, rows) : null, cancellationToken) is not { } rows)
            return;

        notices?.Publish();
        RecordQueued(message, related: null);
        HandOver(item, rows);
    }

    public ValueTask AcceptAsync(IReadOnlyList<SpooledMessage> messages, CancellationToken cancellationToken) =>
        messages is [var only] ? AcceptAsync(only, cancellationToken) : AcceptAllAsync(messages, static _ => { }, cancellationToken);

    /// <summary>Settles recipients of a message whose way leads elsewhere now, and takes the copies that go there, in one transaction.</summary>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public async Task ForwardAsync(QueuedMessage message, IReadOnlyList<Settlement> settlements, IReadOnlyList<SpooledMessage> copies, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        string? body = null;
        await AcceptAllAsync(copies, commands => body = commands.Settle(message, settlements, now), cancellationToken);
        DeleteBody(body);
    }

    private async ValueTask AcceptAllAsync(IReadOnlyList<SpooledMessage> messages, Action<SpoolCommands> work, CancellationToken cancellationToken)
    {
        var items = new List<NewMessage>(messages.Count);
        var notices = new List<NoticeBatch?>(messages.Count);
        List<AcceptedRows?> added;
        try
        {
            foreach (var message in messages)
            {
                // Its body's file is there, and perhaps being read.
                if (message.Content.Octets <= _options.LargeMessageOctets || !Reader.Knows(message.Id))
                {
                    items.Add(await PrepareAsync(message, related: null, cancellationToken));
                    notices.Add(await NoticesOfAsync(message));
                }
            }

            added = await Writer.WriteAsync(commands =>
            {
                work(commands);
                return items.ConvertAll(item => Announced(item, commands.Accept(item)) is { } rows ? Tell(commands, notices[items.IndexOf(item)], rows) : null);
            }, cancellationToken);
            for (var i = 0; i < items.Count; i++)
            {
                if (added[i] is not null)
                    notices[i]?.Publish();
            }
        }
        catch
        {
            foreach (var item in items)
            {
                Arrived(item);
                DeleteBody(item.BodyFile);
            }

            throw;
        }
        finally
        {
            notices.ForEach(batch => batch?.Dispose());
        }

        for (var i = 0; i < items.Count; i++)
        {
            if (added[i] is not { } rows)
                continue;
            RecordQueued(items[i].Message, related: null);
            HandOver(items[i], rows);
        }
    }

    /// <summary>Writes what an attempt did. When the task is done it is on disk, synced.</summary>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public async Task SettleAsync(QueuedMessage message, IReadOnlyList<Settlement> settlements)
    {
        var now = _clock.GetUtcNow();
        using var notices = await NoticesOfAsync(message, settlements, now);
        DeleteBody(await Writer.WriteAsync(commands => Tell(commands, notices, commands.Settle(message, settlements, now)), CancellationToken.None));
        MtaMeter.Settled(message, settlements, now);
        notices?.Publish();
        foreach (var settlement in settlements)
        {
            if (settlement.Suppresses)
                _suppressed.Add(message.AddressOf(settlement));
        }
    }

    /// <summary>Makes all that waits for a destination due now, so many recipients at a time that nobody else's write waits long.</summary>
    /// <returns>How many recipients.</returns>
    /// <exception cref="SpoolUnavailableException">The rest of it was not written.</exception>
    public async Task<int> MakeDueAsync(string destination, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        for (var recipients = 0; ;)
        {
            var made = await Writer.WriteAsync(commands => commands.MakeDue(destination, now, MaxMadeDue), cancellationToken);
            recipients += made;
            if (made < MaxMadeDue)
                return recipients;
        }
    }

    /// <summary>Puts off what is due for a destination that nobody answers for.</summary>
    /// <param name="all">Everything, so many recipients at a time that nobody else's write waits long; otherwise so many at most.</param>
    /// <returns>Whether nothing of it is due any more.</returns>
    /// <exception cref="SpoolUnavailableException">The rest of it was not written.</exception>
    public async Task<bool> PutOffAsync(string destination, DateTimeOffset until, bool all, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var limit = all ? MaxMadeDue : MaxPutOff;
        while (true)
        {
            var written = await Writer.WriteAsync(commands => commands.PutOff(destination, now, until, limit), cancellationToken);
            if (written < limit)
                return true;
            if (!all)
                return false;
        }
    }

    /// <summary>Brings instants back that lie further ahead than any wait of the schedule is, because the clock went back (<see cref="FarInstants"/>).</summary>
    /// <param name="longest">The longest wait.</param>
    /// <param name="except">Destinations whose mail waits for as long as it takes.</param>
    /// <param name="keepAges">Whether it was put back on purpose.</param>
    /// <returns>How many recipients wait less long now.</returns>
    /// <exception cref="SpoolUnavailableException">The rest of it was not written.</exception>
    public async Task<int> BringBackAsync(TimeSpan longest, IReadOnlyCollection<string> except, bool keepAges, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        for (var recipients = 0; ;)
        {
            var brought = await Writer.WriteAsync(commands => FarInstants.BringBack(commands.Connection, now, longest, except, keepAges, MaxMadeDue), cancellationToken);
            recipients += brought;
            if (brought < MaxMadeDue)
                return recipients;
        }
    }

    /// <summary>Stores a report of some of a message's recipients and marks them reported, in one transaction.</summary>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public async Task ReportAsync(QueuedMessage message, SpooledMessage report, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var item = await PrepareAsync(report, message.Journey, cancellationToken);
        var recipients = message.Recipients.Select(recipient => recipient.Key).ToList();
        AcceptedRows? rows = null;
        DeleteBody(await WriteNewAsync(item, commands =>
        {
            var body = commands.Report(message.Key, recipients, item, now, out rows);
            Announced(item, rows);
            return body;
        }, cancellationToken));
        RecordQueued(report, message.Journey);
        HandOver(item, rows!);
    }

    /// <summary>Marks failed recipients as such of whom nobody may be told.</summary>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public Task KeepAsync(IReadOnlyList<long> recipients) => Writer.WriteAsync(commands => commands.Keep(recipients), CancellationToken.None);

    /// <summary>Stores the report of a delay and notes for whom it is made, in one transaction.</summary>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    /// <param name="message">With those recipients, and of each what it is warned of now.</param>
    public async Task WarnAsync(QueuedMessage message, SpooledMessage report, CancellationToken cancellationToken)
    {
        var warned = message.Recipients.Select(recipient => new NoticeTaken(recipient.Key, recipient.Warned, NextNotice(message, recipient))).ToList();
        var item = await PrepareAsync(report, message.Journey, cancellationToken);
        var rows = await WriteNewAsync(item, commands => Announced(item, commands.Warn(warned, item)), cancellationToken);
        RecordQueued(report, message.Journey);
        HandOver(item, rows!);
    }

    /// <summary>When there is something to be told or decided about a recipient that waits on; it may be past.</summary>
    public DateTimeOffset NextNotice(QueuedMessage message, QueuedRecipient recipient) =>
        _notices.Next(message.ReversePath, message.Requests, message.AcceptedAt, message.ReleasedAt, recipient.Recipient.Notify, recipient.Warned);

    /// <summary>Notes when there is something to be looked at again.</summary>
    /// <exception cref="SpoolUnavailableException">Nothing of it was written.</exception>
    public Task NoticeAsync(IReadOnlyList<NoticeTaken> taken, CancellationToken cancellationToken) => Writer.WriteAsync(commands => commands.Notice(taken), cancellationToken);

    /// <summary>Deletes the messages nobody may be told of that have been kept long enough, and the memory of those long done.</summary>
    /// <returns>How many messages.</returns>
    public async Task<int> KeepHouseAsync(CancellationToken cancellationToken)
    {
        var retiredBefore = _clock.GetUtcNow() - _options.Relay.KeepRetired;
        while (await Writer.WriteAsync(commands => commands.ForgetRetired(retiredBefore, MaxForgotten), cancellationToken) == MaxForgotten)
        {
            // So few at a time that nobody else's write waits long.
        }

        var suppressedBefore = _clock.GetUtcNow() - _options.Relay.KeepSuppressions;
        await Writer.WriteAsync(commands => commands.Suppressions.Forget(suppressedBefore), cancellationToken);

        var before = _clock.GetUtcNow() - _options.Relay.KeepUndeliverable;
        for (var removed = 0; ; removed++)
        {
            if (await Writer.WriteAsync(commands => commands.RemoveUndeliverable(before), cancellationToken) is not { } body)
                return removed;
            DeleteBody(body);
        }
    }

    /// <summary>Writes what waits and closes the database.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_writer is not null)
            await _writer.DisposeAsync();
        _database.ClosePool();
    }

    /// <summary>The id under which the MDA gets a message is made from the queue id: an attempt after a crash has the same.</summary>
    private static DeliveryId DeliveryOf(QueueId id) => new(new Guid(SHA256.HashData(Encoding.ASCII.GetBytes($"delivery {id}")).AsSpan(0, 16)));

    private async Task<NewMessage> PrepareAsync(SpooledMessage message, JourneyId? related, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var due = (message.Requests.Hold is { } hold && hold.Until > now ? hold.Until : now).ToUnixTimeMilliseconds();
        var delivery = message.Delivery ?? DeliveryOf(message.Id);
        if (message.Content.Octets <= _options.LargeMessageOctets)
            return new NewMessage(message, related, delivery, await OctetsOfAsync(message.Content, cancellationToken), BodyFile: null, due, _notices);

        try
        {
            return new NewMessage(message, related, delivery, BodyOctets: null, await _bodies.WriteAsync(message.Id, message.Content, cancellationToken), due, _notices);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SpoolUnavailableException(DiskFull.Caused(e) ? StatusCodes.SystemStorageFull : StatusCodes.SystemTemporary, $"The body could not be written: {e.Message}", e);
        }
    }

    private async Task<T> WriteNewAsync<T>(NewMessage item, Func<SpoolCommands, T> work, CancellationToken cancellationToken)
    {
        try
        {
            return await Writer.WriteAsync(work, cancellationToken);
        }
        catch
        {
            Arrived(item);
            if (item.BodyFile is not null)
                _bodies.Delete(item.BodyFile);
            throw;
        }
    }

    /// <summary>Has the queue wait for what this transaction commits.</summary>
    private AcceptedRows? Announced(NewMessage item, AcceptedRows? rows)
    {
        if (rows is not null)
        {
            _arrivals.IsToCome(rows.Message);
            item.Announced.Add(rows.Message);
        }

        return rows;
    }

    private void Arrived(NewMessage item) => item.Announced.ForEach(_arrivals.HasCome);

    /// <summary>Gives what is due now to the queue, a part for each destination, and tells it what else there is.</summary>
    private void HandOver(NewMessage item, AcceptedRows rows)
    {
        Offer(item, rows);
        Arrived(item);
    }

    private void Offer(NewMessage item, AcceptedRows rows)
    {
        var spooled = item.Message.Recipients;
        var dueAt = DateTimeOffset.FromUnixTimeMilliseconds(item.DueAt);
        if (item.BodyOctets is null || dueAt > _clock.GetUtcNow() || spooled.Any(recipient => recipient is not { Failure: null, Success: null }))
        {
            _arrivals.Miss(dueAt);
            return;
        }

        var content = new MemoryContent(item.BodyOctets);
        if (spooled.Count == 1)
        {
            Offer(item, rows, content, spooled[0].Recipient.Destination.Ascii, [QueuedOf(0)], dueAt);
            return;
        }

        foreach (var part in Enumerable.Range(0, spooled.Count).GroupBy(i => spooled[i].Recipient.Destination.Ascii, StringComparer.Ordinal))
            Offer(item, rows, content, part.Key, [.. part.Select(QueuedOf)], dueAt);

        QueuedRecipient QueuedOf(int i) => new(rows.Recipients[i], spooled[i].Recipient, 0, null, null);
    }

    private void Offer(NewMessage item, AcceptedRows rows, MemoryContent content, string destination, IReadOnlyList<QueuedRecipient> recipients, DateTimeOffset dueAt)
    {
        var message = item.Message;
        _arrivals.Add(
            new QueueEntry(rows.Message, destination) { Priority = message.Requests.Priority ?? 0, Sender = rows.Sender },
            new QueuedMessage(
                rows.Message, message.Id, message.Journey, item.Related, item.Delivery, message.ReversePath, message.Body, message.SmtpUtf8, message.AcceptedAt, recipients, content)
            {
                Requests = message.Requests,
                Into = message.Into,
            },
            dueAt);
    }

    private static async Task<byte[]> OctetsOfAsync(IMessageContent content, CancellationToken cancellationToken)
    {
        if (content.TryGetMemory(out var memory))
            return memory.ToArray();

        var octets = new byte[content.Octets];
        await using var stream = content.OpenRead();
        await stream.ReadExactlyAsync(octets, cancellationToken);
        return octets;
    }

    private void DeleteBody(string? file)
    {
        if (!string.IsNullOrEmpty(file))
            _bodies.Delete(file);
    }

    private void RecordQueued(SpooledMessage message, JourneyId? related)
    {
        var waiting = message.Recipients.Where(recipient => recipient is { Failure: null, Success: null }).Select(recipient => recipient.Address).ToList();
        if (waiting.Count == 0)
            return;

        _journeys.Record(new JourneyEvent(
            message.Journey, _clock.GetUtcNow(), MailRole.Mta, JourneyStep.Queued, _options.HostName.Ascii,
            message.Requests.Hold is { } hold ? $"It is in the spool as {message.Id} and held until {hold.Until:yyyy-MM-dd HH:mm:ss} UTC, as its sender asked."
            : message.Alias is not null ? $"A copy is in the spool as {message.Id}; it goes on to where {message.Alias} leads, with the sender {message.ReversePath}."
            : related is null ? $"It is in the spool as {message.Id} and goes to its next host from there."
            : $"This report is in the spool as {message.Id}.")
        {
            Recipients = waiting,
            Related = related,
            // A copy's envelope is not what the message is known by.
            Facts = message.Alias is not null ? null : new MessageFacts { QueueId = message.Id.Value, ReversePath = message.ReversePath, Recipients = waiting, Octets = message.Content.Octets },
        });
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Files} bodies without a message were left by a crash and are deleted; their senders were not answered")]
    private partial void LogSwept(int files);
}
