using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using MailSuite.Bench.Mailboxes.Model;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Mix;

/// <summary>One client after another in the same place: signs in, works at random, believes nothing.</summary>
/// <param name="server">Where the server listens now; waits while it does not.</param>
internal sealed partial class MixSession(MixPlan plan, Ledger ledger, Func<CancellationToken, Task<IPEndPoint>> server, int number) : IAsyncDisposable
{
    /// <summary>So many sessions have a keyword that nobody else changes.</summary>
    private const int Owners = 8;

    private readonly Random _random = new(plan.Seed + number);
    private readonly SessionKind _kind = (SessionKind)(number % 3);
    private readonly string? _keyword = number < Owners ? $"$own{number}" : null;
    private readonly Dictionary<BoxLedger, MailboxView> _known = [];
    private ImapConnection? _connection;
    private MailboxView? _view;
    private HashSet<string> _capabilities = [];
    private int _tag;

    /// <summary>The last lines of both sides.</summary>
    public IReadOnlyCollection<string> Dialogue => _connection?.Dialogue ?? [];

    /// <summary>Works until it is over; a command that has begun is brought to its end.</summary>
    public async Task RunAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        while (!isOver())
        {
            try
            {
                if (_connection is null)
                    await ConnectAsync(cancellationToken);
                if (_view is null)
                    await SelectAsync(AnyBox(), cancellationToken);
                else
                    await AnythingAsync(cancellationToken);
                if (plan.Pause > TimeSpan.Zero)
                    await Task.Delay(plan.Pause * _random.NextDouble(), cancellationToken);
            }
            catch (Exception e) when (plan.IsKilled && e is IOException or SocketException)
            {
                await DropAsync();
            }
        }
    }

    public async Task MakeMailboxesAsync(CancellationToken cancellationToken)
    {
        await ConnectAsync(cancellationToken);
        foreach (var box in ledger.Boxes)
            await DoAsync("CREATE", $"CREATE {box.Name}", cancellationToken);
    }

    /// <summary>Looks at a mailbox when nobody changes anything any more.</summary>
    public async Task<MailboxView> LookAsync(BoxLedger box, CancellationToken cancellationToken)
    {
        if (_connection is null)
            await ConnectAsync(cancellationToken);
        if (_view?.Box == box)
            await SettleAsync(cancellationToken);
        else
            await SelectAsync(box, cancellationToken);
        await LearnAsync(cancellationToken);
        await SettleAsync(cancellationToken);
        return _view!;
    }

    public async ValueTask DisposeAsync() => await DropAsync();

    private BoxLedger AnyBox() => ledger.Boxes[_random.Next(ledger.Boxes.Count)];

    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        _connection = await ImapConnection.ConnectAsync(await server(cancellationToken), plan.Tls, cancellationToken);
        var greeting = await _connection.ReadAsync(cancellationToken);
        if (!greeting.IsOk)
            throw new WrongAnswerException($"The greeting is {greeting.Name}{greeting.Rest}.");
        await DoAsync("LOGIN", $"LOGIN {plan.User} {plan.Password}", cancellationToken);
        await DoAsync("CAPABILITY", "CAPABILITY", cancellationToken, take: answer =>
        {
            if (answer.Name == "CAPABILITY")
                _capabilities = [.. answer.Rest.ToUpperInvariant().Split(' ')];
            return true;
        });
        if (_kind == SessionKind.QResync)
            await DoAsync("ENABLE", "ENABLE QRESYNC", cancellationToken);
        ledger.Count("connections");
    }

    /// <summary>The connection is gone; what this client knew of mailboxes it keeps where it can resynchronise.</summary>
    private async ValueTask DropAsync()
    {
        Leave();
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connection = null;
    }

    private void Leave()
    {
        if (_view is { Synced: > 0 } && _kind == SessionKind.QResync)
        {
            _view.ForgetUnknown();
            _known[_view.Box] = _view;
        }

        _view = null;
    }

    private async Task SelectAsync(BoxLedger box, CancellationToken cancellationToken)
    {
        var before = box.Floor;
        var wasSelected = _view is not null;
        Leave();
        var old = wasSelected;
        _known.TryGetValue(box, out var known);
        // Sometimes the client says what it has, sometimes the server has to know it (RFC 7162 §3.2.5).
        var knownUids = known is { Count: > 0 } && _random.Next(2) == 0 ? " " + UidSet.Write([.. known.Entries.Select(entry => entry.Uid)]) : "";
        var parameters = _kind switch
        {
            SessionKind.Plain => "",
            SessionKind.CondStore => " (CONDSTORE)",
            _ when known is null => "",
            _ => string.Create(CultureInfo.InvariantCulture, $" (QRESYNC ({known.UidValidity} {known.Synced}{knownUids}))"),
        };
        long exists = 0, uidValidity = 0, uidNext = 0, highest = 0;
        var vanished = new List<uint>();
        var fetched = new List<Answer>();
        var hasClosed = false;
        var end = await DoAsync("SELECT", $"SELECT {box.Name}{parameters}", cancellationToken, take: answer =>
        {
            switch (answer.Name)
            {
                case "OK" when answer.CodeName == "CLOSED":
                    hasClosed = true;
                    exists = 0;
                    vanished.Clear();
                    fetched.Clear();
                    break;
                case "OK" when answer.CodeName is "UIDVALIDITY" or "UIDNEXT" or "HIGHESTMODSEQ":
                    var value = Value.ParseAllOf(answer.Code)[1].Number;
                    _ = answer.CodeName switch { "UIDVALIDITY" => uidValidity = value, "UIDNEXT" => uidNext = value, _ => highest = value };
                    break;
                case "EXISTS":
                    exists = answer.Number;
                    break;
                case "VANISHED":
                    vanished.AddRange(UidSet.Parse(answer.Values()[^1].Text));
                    break;
                case "FETCH":
                    fetched.Add(answer);
                    break;
            }

            return true;
        });
        Require(!old || hasClosed, "SELECT of another mailbox did not tell [CLOSED].");
        Require(end.CodeName == "READ-WRITE", $"SELECT ended with {end.Code}, not READ-WRITE.");
        Require(uidValidity > 0 && uidNext > 0, "SELECT told no UIDVALIDITY or no UIDNEXT.");
        Require(highest > 0 || _kind == SessionKind.Plain, "SELECT told no HIGHESTMODSEQ.");
        box.TellUidValidity((uint)uidValidity);
        box.TellUidNext((uint)uidNext, before);
        if (highest > 0)
            box.TellHighestModSeq(highest, before);

        if (known is not null && parameters.Length > 0)
        {
            known.Reopen(before.At);
            known.Resynchronised(exists, vanished, fetched, knownUids.Length == 0);
            _view = known;
            ledger.Count("resynchronisations");
        }
        else
        {
            Require(vanished.Count == 0 && fetched.Count == 0, "SELECT told VANISHED or FETCH to a client that does not resynchronise.");
            _view = new MailboxView(box, before.At, _kind, _keyword) { UidValidity = (uint)uidValidity };
            _view.Apply(new Answer("*", "EXISTS", exists, "", ""), mayShrink: false);
        }

        _view.Highest(highest);
        await LearnAsync(cancellationToken);
        if (_kind == SessionKind.QResync && known is not null && _random.Next(2) == 0)
            await FetchAllAsync(cancellationToken);
    }

    /// <summary>Reads UID, flags and identity of the messages of which only the number was told.</summary>
    private async Task LearnAsync(CancellationToken cancellationToken)
    {
        var view = _view!;
        var first = view.Entries.Index().FirstOrDefault(pair => pair.Item.Uid == 0 || pair.Item.Identity is null, (-1, null!)).Index;
        if (first < 0)
            return;
        var identity = _random.Next(3) == 0 ? "ENVELOPE" : "BODY.PEEK[HEADER.FIELDS (SUBJECT)]";
        var wanted = view.Entries.Skip(first).ToList();
        await DoAsync("FETCH", $"FETCH {first + 1}:{view.Count} (UID FLAGS {ModSeqItem}{identity})", cancellationToken, mayShrink: false, mayFail: true);
        foreach (var entry in wanted.Where(entry => entry.Uid == 0 || entry.Identity is null))
            view.LeftOut(entry, "FETCH of what it is");
    }

    private async Task SettleAsync(CancellationToken cancellationToken)
    {
        await DoAsync("NOOP", "NOOP", cancellationToken);
        _view!.Settled();
    }

    private string ModSeqItem => _kind == SessionKind.Plain ? "" : "MODSEQ ";

    /// <summary>Sends a command and takes all that is said up to its end.</summary>
    /// <param name="take">Sees each untagged response first; what it has no use for goes to the view.</param>
    /// <param name="mayShrink">Whether messages may be told to be gone meanwhile.</param>
    /// <param name="mayFail">Whether NO is a right answer, because others may have expunged the messages.</param>
    private async Task<Answer> DoAsync(
        string name, string command, CancellationToken cancellationToken, Func<Answer, bool>? take = null, bool mayShrink = true, bool mayFail = false, IReadOnlyList<string>? literals = null)
    {
        var tag = NextTag();
        var parts = command.Split(LiteralMark);
        var sent = 0;
        var plus = literals is not null && _capabilities.Contains("LITERAL+") && _random.Next(2) == 0;
        var text = $"{tag} {parts[0]}";
        if (plus)
        {
            for (; sent < literals!.Count; sent++)
                text += $"{{{literals[sent].Length}+}}\r\n{literals[sent]}{parts[sent + 1]}";
        }
        else if (literals is not null)
        {
            text += $"{{{literals[0].Length}}}";
        }

        await _connection!.SendAsync(text + "\r\n", cancellationToken);
        ledger.Count(name);
        while (true)
        {
            var answer = await _connection.ReadAsync(cancellationToken);
            if (answer.Tag == "+")
            {
                Require(literals is not null && sent < literals.Count, "A continuation that nothing asked for.");
                var literal = literals![sent] + parts[++sent];
                await _connection.SendAsync(literal + (sent < literals.Count ? $"{{{literals[sent].Length}}}\r\n" : "\r\n"), cancellationToken);
            }
            else if (answer.Tag == tag)
            {
                Require(answer.IsOk || answer.Name == "NO" && mayFail, $"{name} was answered {answer.Name} {answer.Rest}.");
                if (!answer.IsOk)
                    ledger.Count($"{name} refused: {answer.CodeName}");
                if (answer.CodeName == "HIGHESTMODSEQ")
                    _view?.Highest(Value.ParseAllOf(answer.Code)[1].Number);
                return answer;
            }
            else
            {
                TakeUntagged(answer, take, mayShrink);
            }
        }
    }

    private void TakeUntagged(Answer answer, Func<Answer, bool>? take, bool mayShrink)
    {
        Require(answer.IsUntagged, $"An answer to no command: {answer.Tag} {answer.Name}.");
        if (answer.Name == "BYE")
            throw new IOException($"BYE {answer.Rest}");
        Require(answer.Name is not "BAD", $"BAD {answer.Rest}");
        ledger.Count("responses");
        if (take is null || !take(answer))
            _view?.Apply(answer, mayShrink);
    }

    private string NextTag() => string.Create(CultureInfo.InvariantCulture, $"s{number}t{++_tag}");

    private static void Require(bool holds, string otherwise)
    {
        if (!holds)
            throw new WrongAnswerException(otherwise);
    }
}
