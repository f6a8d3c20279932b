using System.Diagnostics;
using System.Globalization;
using System.Net;
using MailSuite.Bench.Mailboxes.Model;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Sync;

/// <summary>A Maildir and a mailbox that mbsync keeps the same, while both are changed and mbsync or the server is killed in the middle.</summary>
internal sealed class SyncRun
{
    private static readonly string[] NearFlags = ["", "S", "FS", "RS"];
    private static readonly string[] FarFlags = ["", "S", "F", "FRS"];

    private readonly SyncPlan _plan;
    private readonly Func<CancellationToken, Task<IPEndPoint>> _server;
    private readonly Func<CancellationToken, Task>? _killServer;
    private readonly Random _random;
    private readonly Ledger _ledger = new([]);
    private readonly NearSide _near;
    private readonly FarSide _far;
    private readonly Mbsync _mbsync;
    private readonly HashSet<string> _expected = new(StringComparer.Ordinal);
    private HashSet<string> _settled = new(StringComparer.Ordinal);
    private TimeSpan _usual = TimeSpan.FromMilliseconds(400);

    /// <param name="killServer">Kills the server and starts it again on what it left; <see langword="null"/> where it is not ours.</param>
    public SyncRun(SyncPlan plan, Func<CancellationToken, Task<IPEndPoint>> server, Func<CancellationToken, Task>? killServer)
    {
        (_plan, _server, _killServer) = (plan, server, killServer);
        var mailbox = $"sync-{Guid.NewGuid().ToString("N")[..6]}";
        _random = new Random(plan.Seed);
        _near = new NearSide(Path.Combine(plan.Directory, mailbox));
        _far = new FarSide(plan, server, mailbox);
        _mbsync = new Mbsync(plan, mailbox);
    }

    public int Interruptions { get; private set; }

    public int ServerKills { get; private set; }

    /// <returns>What was done, when both sides are the same at the end.</returns>
    /// <exception cref="WrongAnswerException">They are not.</exception>
    public async Task<string> RunAsync(Action<string> progress, CancellationToken cancellationToken)
    {
        var began = Stopwatch.GetTimestamp();
        await _far.CreateAsync(cancellationToken);
        for (var round = 0; round < SyncPlan.Rounds || Interruptions < _plan.Interruptions; round++)
        {
            // Behind the planned rounds small ones follow, until it was cut off as often as planned.
            await ChangeBothAsync(round < SyncPlan.Rounds ? _plan.Messages / SyncPlan.Rounds : Math.Max(20, _plan.Messages / 50), cancellationToken);
            var due = Math.Min(_plan.Interruptions, (round + 1) * Math.Max(1, _plan.Interruptions / SyncPlan.Rounds));
            while (Interruptions < due && await IsCutOffAsync(cancellationToken))
                progress($"{Interruptions} of {_plan.Interruptions} interruptions, {_expected.Count} messages");
            await CompleteAsync(cancellationToken);
            await CompareAsync(cancellationToken);
            progress($"round {round + 1}: {_expected.Count} messages the same on both sides");
        }

        return string.Create(CultureInfo.InvariantCulture,
            $"{_expected.Count} messages the same on both sides after {Interruptions} interruptions, {ServerKills} of them of the server, in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s");
    }

    /// <summary>New messages on both sides; of those that were the same before, some get other flags here or there, some go here or there.</summary>
    private async Task ChangeBothAsync(int messages, CancellationToken cancellationToken)
    {
        var news = Enumerable.Range(0, messages).Select(_ => _ledger.NewIdentity()).ToList();
        await _far.AddAsync(news[..(messages * 3 / 4)], cancellationToken);
        _near.Add(news[(messages * 3 / 4)..]);
        _expected.UnionWith(news);
        if (_settled.Count == 0)
            return;
        _near.Change(mail => Change(mail, mail.Number % 20 == 2, mail.Number % 31 == 3, NearFlags));
        await _far.ChangeAsync(mail => Change(mail, mail.Number % 20 == 11, mail.Number % 31 == 7, FarFlags), cancellationToken);
    }

    private string? Change(Mail mail, bool isMarked, bool isDeleted, string[] flags)
    {
        if (!_settled.Contains(mail.Identity))
            return mail.Flags;
        if (isDeleted && _random.Next(3) == 0)
        {
            _expected.Remove(mail.Identity);
            _settled.Remove(mail.Identity);
            return null;
        }

        return isMarked ? flags[_random.Next(flags.Length)] : mail.Flags;
    }

    /// <returns>Whether it was still at work then.</returns>
    private async Task<bool> IsCutOffAsync(CancellationToken cancellationToken)
    {
        var isServer = _killServer is not null && ServerKills < _plan.ServerKills && _random.Next(3) == 0;
        var began = Stopwatch.GetTimestamp();
        var (code, wasCut) = await _mbsync.RunAsync(await _server(cancellationToken), async kill =>
        {
            await Task.Delay(_usual * _random.NextDouble(), cancellationToken);
            if (isServer)
                await _killServer!(cancellationToken);
            else
                kill();
        }, cancellationToken);
        if (!wasCut)
        {
            _usual = Stopwatch.GetElapsedTime(began) / 2;
            return false;
        }

        _usual *= 1.2;
        Interruptions++;
        if (isServer)
            ServerKills++;
        else
            await _far.SettleAsync(cancellationToken);
        return code != 0;
    }

    private async Task CompleteAsync(CancellationToken cancellationToken)
    {
        const int Attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            var (code, _) = await _mbsync.RunAsync(await _server(cancellationToken), interruptAsync: null, cancellationToken);
            if (code == 0)
                return;
            if (attempt == Attempts)
                throw new WrongAnswerException($"mbsync ends with {code}: {_mbsync.Said}");
        }
    }

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        var near = ByIdentity(_near.ReadAll(), "near");
        var far = ByIdentity(await _far.ReadAllAsync(cancellationToken), "far");
        foreach (var identity in _expected)
        {
            if (!near.TryGetValue(identity, out var here) || !far.TryGetValue(identity, out var there))
                throw new WrongAnswerException($"The message {identity} is {(near.ContainsKey(identity) ? "near" : far.ContainsKey(identity) ? "far" : "nowhere")}, not on both sides.");
            if (here.Flags != there.Flags)
                throw new WrongAnswerException($"The message {identity} has the flags {here.Flags} near and {there.Flags} far.");
            if (here.Text != there.Text || here.Text != MessageText.Make(identity).ReplaceLineEndings("\n"))
                throw new WrongAnswerException($"The message {identity} is not the same on both sides.");
        }

        var tooMany = near.Keys.Concat(far.Keys).FirstOrDefault(identity => !_expected.Contains(identity));
        if (tooMany is not null)
            throw new WrongAnswerException($"The message {tooMany} was deleted and is there again.");
        _settled = [.. _expected];
    }

    private static Dictionary<string, Mail> ByIdentity(IEnumerable<Mail> mails, string side)
    {
        var found = new Dictionary<string, Mail>(StringComparer.Ordinal);
        foreach (var mail in mails)
        {
            if (!found.TryAdd(mail.Identity, mail))
                throw new WrongAnswerException($"The message {mail.Identity} is there twice on the {side} side.");
        }

        return found;
    }
}
