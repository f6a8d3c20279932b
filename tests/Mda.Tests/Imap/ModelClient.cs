using System.Globalization;
using System.Text.RegularExpressions;

namespace MailSuite.Mda.Tests.Imap;

/// <summary>A client that believes what it is told and nothing else: a list of messages by sequence number, and their flags.</summary>
internal sealed partial class ModelClient(ImapClient client, bool vanishes) : IAsyncDisposable
{
    private readonly List<Known> _messages = [];

    /// <summary>What the client knows; a UID of 0 was not told yet.</summary>
    public IReadOnlyList<(uint Uid, string? Flags)> Messages => [.. _messages.Select(message => (message.Uid, message.Flags))];

    public int Count => _messages.Count;

    public async Task SelectAsync()
    {
        _messages.Clear();
        if (vanishes)
            await client.OkAsync("ENABLE QRESYNC");
        Believe(await client.CommandAsync("SELECT INBOX"), mayMove: true);
        Believe(await client.CommandAsync("UID FETCH 1:* FLAGS"), mayMove: true);
    }

    /// <summary>A command whose responses may move sequence numbers.</summary>
    public async Task MovingAsync(string command)
    {
        Believe(await client.CommandAsync(command), mayMove: true);

        // VANISHED names UIDs, so whoever has enabled it asks for those that it does not know.
        if (vanishes && _messages.FindIndex(message => message.Uid == 0) is >= 0 and var unknown)
            await FixedAsync($"FETCH {unknown + 1}:{_messages.Count} UID");
    }

    /// <summary>FETCH or STORE by number: nothing may move.</summary>
    public async Task FixedAsync(string command) => Believe(await client.CommandAsync(command), mayMove: false);

    /// <summary>STORE in silence: the client does it in its own list first, as it will not be told.</summary>
    public async Task StoreSilentlyAsync(int number, string flag, bool add)
    {
        var message = _messages[number - 1];
        if (message.Flags is { } known)
        {
            var flags = known.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToHashSet(StringComparer.Ordinal);
            _ = add ? flags.Add(flag) : flags.Remove(flag);
            message.Flags = Sorted(flags);
        }

        await FixedAsync($"STORE {number} {(add ? '+' : '-')}FLAGS.SILENT ({flag})");
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private void Believe(IReadOnlyList<string> responses, bool mayMove)
    {
        Assert.Contains(responses[^1].Split(' ')[1], (string[])["OK", "NO"]);
        foreach (var response in responses.SkipLast(1))
        {
            if (Numbered().Match(response) is { Success: true } numbered)
            {
                var number = int.Parse(numbered.Groups["number"].Value, CultureInfo.InvariantCulture);
                Take(number, numbered.Groups["what"].Value, numbered.Groups["rest"].Value, mayMove);
            }
            else if (Vanished().Match(response) is { Success: true } vanished)
            {
                Assert.True(vanishes && mayMove, response);
                foreach (var uid in Numbers(vanished.Groups["uids"].Value))
                    Assert.Equal(1, _messages.RemoveAll(message => message.Uid == uid));
            }
        }
    }

    private void Take(int number, string what, string rest, bool mayMove)
    {
        switch (what)
        {
            case "EXPUNGE":
                Assert.True(mayMove && !vanishes);
                _messages.RemoveAt(number - 1);
                break;
            case "EXISTS":
                Assert.True(mayMove && number >= _messages.Count);
                while (_messages.Count < number)
                    _messages.Add(new Known());
                break;
            case "FETCH":
                var message = _messages[number - 1];
                if (Uid().Match(rest) is { Success: true } uid)
                {
                    var told = uint.Parse(uid.Groups["uid"].Value, CultureInfo.InvariantCulture);
                    Assert.True(message.Uid == 0 || message.Uid == told, $"message {number} was {message.Uid} and is {told}");
                    message.Uid = told;
                }

                if (Flags().Match(rest) is { Success: true } flags)
                    message.Flags = Sorted(flags.Groups["flags"].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));
                break;
        }
    }

    private static string Sorted(IEnumerable<string> flags) => string.Join(' ', flags.Order(StringComparer.Ordinal));

    private static IEnumerable<uint> Numbers(string set)
    {
        foreach (var range in set.Split(','))
        {
            var ends = range.Split(':').Select(end => uint.Parse(end, CultureInfo.InvariantCulture)).ToArray();
            for (var uid = ends[0]; uid <= ends[^1]; uid++)
                yield return uid;
        }
    }

    [GeneratedRegex(@"^\* (?<number>[0-9]+) (?<what>EXPUNGE|EXISTS|FETCH)(?<rest>.*)$", RegexOptions.Singleline)]
    private static partial Regex Numbered();

    [GeneratedRegex(@"^\* VANISHED (?<uids>[0-9:,]+)$")]
    private static partial Regex Vanished();

    [GeneratedRegex(@"UID (?<uid>[0-9]+)")]
    private static partial Regex Uid();

    [GeneratedRegex(@"FLAGS \((?<flags>[^)]*)\)")]
    private static partial Regex Flags();

    private sealed class Known
    {
        public uint Uid { get; set; }

        public string? Flags { get; set; }
    }
}
