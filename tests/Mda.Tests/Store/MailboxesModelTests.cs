using CsCheck;
using MailSuite.Shared.Contracts.Mda;

namespace MailSuite.Mda.Tests.Store;

/// <summary>Random commands on the store and on the simplest model of it must come to the same mailboxes.</summary>
public sealed class MailboxesModelTests
{
    private const int Histories = 40;

    private static readonly SpecialUse[] Uses = [SpecialUse.Inbox, SpecialUse.Archive, SpecialUse.Trash];

    private static readonly Gen<Command> Commands = Gen.Select(
        Gen.Int[0, 4], Gen.Int[0, 2], Gen.Int[0, 2], Gen.UInt[1, 12].Array[0, 4], Gen.Int[0, 63], Gen.Int[0, 63],
        (kind, box, target, uids, add, remove) => new Command(kind, box, target, uids, (MessageFlags)add, (MessageFlags)remove));

    [Fact]
    public async Task Agrees_with_a_simple_model()
    {
        await using var scene = new MdaScene();
        await scene.Store.OpenAsync();
        var number = 0;

        await Commands.Array[1, 40].SampleAsync(
            async commands =>
            {
                var account = await scene.AddAccountAsync($"user{Interlocked.Increment(ref number)}@example.org");
                var boxes = new List<(MailboxId Id, Box Model)>();
                foreach (var use in Uses)
                    boxes.Add(((await scene.MailboxAsync(account, use)).Id, new Box()));

                foreach (var command in commands)
                    await ApplyAsync(scene, account.Id, boxes, command);
                return await AgreesAsync(scene, account, boxes);
            },
            iter: Histories,
            threads: 1);
    }

    private static async Task ApplyAsync(MdaScene scene, AccountId account, List<(MailboxId Id, Box Model)> boxes, Command command)
    {
        var (id, box) = boxes[command.Box];
        var (targetId, target) = boxes[command.Target];
        Uid[] uids = [.. command.Uids.Select(uid => new Uid(uid))];
        var there = command.Uids.Distinct().Order().Where(box.Messages.ContainsKey).ToList();
        switch (command.Kind)
        {
            case 0 or 1:
                await scene.Mailboxes.AppendAsync(account, id, new MessageAppend(DeliveryId.New(scene.Clock), MdaScene.Message(), command.Add, null, null), CancellationToken.None);
                box.Messages.Add(box.UidNext++, command.Add);
                break;
            case 2:
                await scene.Mailboxes.ChangeFlagsAsync(account, id, uids, command.Add, command.Remove, CancellationToken.None);
                foreach (var uid in there)
                    box.Messages[uid] = (box.Messages[uid] & ~command.Remove) | command.Add;
                break;
            case 3:
                Assert.Equal(id == targetId ? 0 : there.Count, await scene.Mailboxes.MoveAsync(account, id, uids, targetId, CancellationToken.None));
                if (id == targetId)
                    break;
                foreach (var uid in there)
                {
                    target.Messages.Add(target.UidNext++, box.Messages[uid]);
                    box.Messages.Remove(uid);
                }

                break;
            default:
                Assert.Equal(there.Count, await scene.Mailboxes.ExpungeAsync(account, id, uids, CancellationToken.None));
                there.ForEach(uid => box.Messages.Remove(uid));
                break;
        }
    }

    private static async Task<bool> AgreesAsync(MdaScene scene, Account account, List<(MailboxId Id, Box Model)> boxes)
    {
        var octets = 0L;
        foreach (var (id, box) in boxes)
        {
            var mailbox = await scene.Mailboxes.FindAsync(account.Id, id, CancellationToken.None);
            var page = await scene.Mailboxes.PageAsync(account.Id, id, new MessagePageRequest(null, 0, 500), CancellationToken.None);
            Assert.Equal(box.Messages.Reverse().Select(message => (message.Key, message.Value)), page.Messages.Select(message => (message.Uid.Value, message.Flags)));
            Assert.Equal(
                (box.Messages.Count, box.Messages.Count(message => !message.Value.HasFlag(MessageFlags.Seen)), box.UidNext),
                (mailbox!.Messages, mailbox.Unseen, mailbox.UidNext.Value));
            octets += page.Messages.Sum(message => message.Octets);
        }

        await using var tables = scene.OpenTables();
        Assert.Equal(octets, tables.Accounts.Single(row => row.Id == account.Id.Value).Octets);
        return true;
    }

    private sealed record Command(int Kind, int Box, int Target, uint[] Uids, MessageFlags Add, MessageFlags Remove);

    private sealed class Box
    {
        public SortedDictionary<uint, MessageFlags> Messages { get; } = [];

        public uint UidNext { get; set; } = 1;
    }
}
