using System.Net;
using MailSuite.Bench.Mailboxes.Model;
using MailSuite.Bench.Mailboxes.Wire;

namespace MailSuite.Bench.Mailboxes.Sync;

/// <summary>The same mailbox on the server, as another client changes it.</summary>
internal sealed class FarSide(SyncPlan plan, Func<CancellationToken, Task<IPEndPoint>> server, string name)
{
    private const int AtOnce = 50;
    private const int StillLooks = 10;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(100);
    private static readonly (string Flag, char Letter)[] Flags = [("\\Draft", 'D'), ("\\Flagged", 'F'), ("\\Answered", 'R'), ("\\Seen", 'S')];

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await using var client = await SignInAsync(cancellationToken);
        await client.DoAsync($"CREATE {name}", cancellationToken);
    }

    public async Task AddAsync(IReadOnlyList<string> identities, CancellationToken cancellationToken)
    {
        await using var client = await SignInAsync(cancellationToken);
        foreach (var some in identities.Chunk(AtOnce))
            await client.DoAsync($"APPEND {name}", cancellationToken, [.. some.Select(MessageText.Make)]);
    }

    /// <inheritdoc cref="NearSide.Change"/>
    public async Task ChangeAsync(Func<Mail, string?> change, CancellationToken cancellationToken)
    {
        await using var client = await SignInAsync(cancellationToken);
        await client.DoAsync($"SELECT {name}", cancellationToken);
        var wanted = new Dictionary<string, List<uint>>(StringComparer.Ordinal);
        foreach (var (uid, mail) in await ReadAsync(client, cancellationToken))
        {
            var flags = change(mail);
            if (flags == mail.Flags)
                continue;
            var written = flags is null ? "\\Deleted" : string.Join(' ', flags.Select(letter => Array.Find(Flags, flag => flag.Letter == letter).Flag));
            (wanted.TryGetValue(written, out var uids) ? uids : wanted[written] = []).Add(uid);
        }

        foreach (var (flags, uids) in wanted)
            await client.DoAsync($"UID STORE {UidSet.Write(uids)} FLAGS.SILENT ({flags})", cancellationToken);
        await client.DoAsync("EXPUNGE", cancellationToken);
    }

    public async Task<List<Mail>> ReadAllAsync(CancellationToken cancellationToken)
    {
        await using var client = await SignInAsync(cancellationToken);
        await client.DoAsync($"SELECT {name}", cancellationToken);
        return [.. (await ReadAsync(client, cancellationToken)).Select(pair => pair.Mail)];
    }

    /// <summary>Waits until the server has done what a dead client had sent whole: UIDNEXT stands still for a second.</summary>
    /// <remarks>
    /// APPEND has no name by which a repetition is known. A mbsync that is started at once looks for its messages before they are there,
    /// and sends them again; no server can tell that from two messages that are alike.
    /// </remarks>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        await using var client = await SignInAsync(cancellationToken);
        var still = 0;
        for (string? before = null; still < StillLooks;)
        {
            var status = (await client.DoAsync($"STATUS {name} (UIDNEXT)", cancellationToken)).First(answer => answer.Name == "STATUS").Rest;
            still = status == before ? still + 1 : 0;
            before = status;
            await Task.Delay(BetweenLooks, cancellationToken);
        }
    }

    private static async Task<List<(uint Uid, Mail Mail)>> ReadAsync(ImapClient client, CancellationToken cancellationToken)
    {
        var mails = new List<(uint, Mail)>();
        foreach (var answer in await client.DoAsync("UID FETCH 1:* (FLAGS BODY.PEEK[])", cancellationToken))
        {
            if (answer.Name != "FETCH")
                continue;
            var items = answer.FetchItems();
            var letters = items["FLAGS"].Items!.SelectMany(flag => Flags.Where(known => known.Flag.Equals(flag.Text, StringComparison.OrdinalIgnoreCase)).Select(known => known.Letter));
            mails.Add(((uint)items["UID"].Number, Mail.Of(letters, items["BODY[]"].Text)));
        }

        return mails;
    }

    private async Task<ImapClient> SignInAsync(CancellationToken cancellationToken) =>
        await ImapClient.SignInAsync(await server(cancellationToken), tls: false, plan.User, plan.Password, cancellationToken);
}
