using MailSuite.Mda.Search;
using MailSuite.Mda.Store;
using MailSuite.Mda.Store.Model;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MailSuite.Mda.Tests.Store.Maintenance;

/// <summary>A store that is damaged in each way: it is seen, said, and repaired where no octet is lost by it.</summary>
public sealed class StoreVerifyTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_store_in_use_has_nothing_wrong()
    {
        await using var scene = await MakeAsync();
        var ann = (await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var inbox = await scene.MailboxAsync(ann);
        var trash = await scene.MailboxAsync(ann, SpecialUse.Trash);
        await scene.Mailboxes.ChangeFlagsAsync(ann.Id, inbox.Id, [new Uid(1)], MessageFlags.Seen | MessageFlags.Deleted, MessageFlags.None, Cancellation);
        await scene.Mailboxes.MoveAsync(ann.Id, inbox.Id, [new Uid(2)], trash.Id, Cancellation);
        await scene.Mailboxes.ExpungeAsync(ann.Id, trash.Id, [new Uid(1)], Cancellation);
        await scene.Accounts.RemoveAsync(MdaScene.Address("bob@example.org"), Cancellation);

        var done = await VerifyAsync(scene, repair: false);

        Assert.Empty(done.Problems);
        Assert.Equal(new StoreSize(1, 6, 2, 2, 1), done.Size);
    }

    public static TheoryData<string, string> Repairable() => new()
    {
        { "UPDATE mailbox SET messages = 9 WHERE special_use = 1", "INBOX of ann@example.org counts 9 messages, and has 3." },
        { "UPDATE mailbox SET unseen = 9 WHERE special_use = 1", "INBOX of ann@example.org counts 9 unseen messages, and has 3." },
        { "UPDATE mailbox SET deleted = 9 WHERE special_use = 1", "INBOX of ann@example.org counts 9 messages marked as deleted, and has 0." },
        { "UPDATE mailbox SET octets = 0 WHERE special_use = 1", "INBOX of ann@example.org counts 0 octets, and has " },
        { "UPDATE mailbox SET uid_next = 2 WHERE special_use = 1", "INBOX of ann@example.org would give UID 2 again, which was given." },
        { "UPDATE mailbox SET highest_mod_seq = 1 WHERE special_use = 1", "INBOX of ann@example.org has ModSeq 1, and changes above it." },
        { "UPDATE account SET octets = 1 WHERE address LIKE 'ann@%'", "Account ann@example.org counts 1 octets, and has " },
        { "UPDATE account SET messages = 1 WHERE address LIKE 'ann@%'", "Account ann@example.org counts 1 messages, and has 3." },
        { "UPDATE body SET refs = 5 WHERE id = 1", "Body 1 says that 5 messages have it, and 2 have." },
        { "UPDATE body SET octets = 5 WHERE id = 1", "Body 1 is said to have 5 octets, and has " },
        { "UPDATE body SET octets = 5 WHERE file IS NOT NULL", "Body 3 is said to have 5 octets, and its file bodies/" },
        { "UPDATE message SET octets = 5 WHERE body_id = 1", "is said to have 5 octets, and its body has " },
        { "UPDATE message SET account_id = 2 WHERE body_id = 2", "is counted for account 2, and lies in one of account 1." },
        { "UPDATE message SET keywords = 77 WHERE body_id = 2", "has keyword set 77, which is no more: its keywords are lost." },
        { "INSERT INTO expunged (mailbox_id, mod_seq, uid) SELECT mailbox_id, mod_seq, uid FROM message WHERE body_id = 2", "is said to be expunged, and is there." },
        { "UPDATE message SET mailbox_id = 999 WHERE body_id = 2", "Message 2 lies in mailbox 999, which is no more." },
        { "DELETE FROM message WHERE body_id = 2", "is no mailbox's message; it is known whose it was." },
        { "UPDATE store_state SET value = 0 WHERE name = 'uid_validity'", "The next mailbox would get a UIDVALIDITY of 1, and there is one of " },
        { "UPDATE mailbox SET special_use = 0 WHERE special_use = 1", "Account ann@example.org has no INBOX: nothing can be delivered to it." },
        { "UPDATE body_wire SET parts = x'00' WHERE body_id = 1", "What is known of the parts of body 1 is not of its octets." },
        { "UPDATE body_head SET head = x'00' WHERE body_id = 1", "What is known of the parts of body 1 is not of its octets." },
        { "INSERT INTO body_wire VALUES (99, x'00', x'00', x'00')", "The envelope of body 99 is that of no body." },
        { "INSERT INTO body_head VALUES (99, x'00')", "The header of body 99 is that of no body." },
        { "INSERT INTO acl (mailbox_id, identifier, rights) VALUES (99, 'anyone', 'l')", "There is an access right of mailbox 99, which is no more." },
        { "INSERT INTO expunged (mailbox_id, mod_seq, uid) VALUES (99, 1, 1)", "There is an expunged UID of mailbox 99, which is no more." },
        { "INSERT INTO metadata (mailbox_id, account_id, entry, value) VALUES (99, 0, '/comment', x'00')", "There is an annotation of mailbox 99, which is no more." },
        { "INSERT INTO metadata (mailbox_id, account_id, entry, value) VALUES (0, 99, '/comment', x'00')", "There is an annotation of account 99, which is no more." },
        { "INSERT INTO subscription (account_id, name) VALUES (99, 'x')", "There is a subscription of account 99, which is no more." },
        { "INSERT INTO thread_link (account_id, key, thread_id) VALUES (99, 1, 1)", "There is a link to a conversation of account 99, which is no more." },
    };

    [Theory, MemberData(nameof(Repairable))]
    public async Task Damage_is_told_and_repaired_without_losing_a_message(string damage, string told)
    {
        await using var scene = await MakeAsync();
        await DamageAsync(scene, damage);

        var seen = await VerifyAsync(scene, repair: false);
        Assert.Contains(seen.Problems, problem => problem.Text.Contains(told, StringComparison.Ordinal) && !problem.IsRepaired);

        var repaired = await VerifyAsync(scene, repair: true);
        Assert.Contains(repaired.Problems, problem => problem.Text.Contains(told, StringComparison.Ordinal));
        Assert.All(repaired.Problems, problem => Assert.True(problem.IsRepaired, problem.Text));

        var after = await VerifyAsync(scene, repair: false);
        Assert.Empty(after.Problems);
        Assert.Equal((4, 3), (after.Size.Messages, after.Size.Bodies));
    }

    public static TheoryData<string, string> Lost() => new()
    {
        { "DELETE FROM body_octets WHERE body_id = 1", "The octets of body 1 are lost." },
        { "DELETE FROM body WHERE id = 2", "Message 2 in mailbox 1 has no body: its octets are lost." },
        { "INSERT INTO body_octets VALUES (99, x'41424344')", "4 octets are kept of body 99, which is no more; nothing says whose they are. They stay." },
        { "DELETE FROM message WHERE body_id = 2; UPDATE body SET prefix = NULL WHERE id = 2; DELETE FROM thread_link", "is no mailbox's message; nothing says whose it was. It stays." },
    };

    [Theory, MemberData(nameof(Lost))]
    public async Task What_cannot_be_repaired_stays_and_is_told_again(string damage, string told)
    {
        await using var scene = await MakeAsync();
        await DamageAsync(scene, damage);

        await VerifyAsync(scene, repair: true);

        Assert.Contains((await VerifyAsync(scene, repair: true)).Problems, problem => problem.Text.Contains(told, StringComparison.Ordinal) && !problem.IsRepaired);
    }

    [Fact]
    public async Task A_file_that_is_gone_is_told_and_its_message_stays()
    {
        await using var scene = await MakeAsync();
        File.Delete(Directory.GetFiles(Path.Combine(scene.Directory, "bodies"), "*", SearchOption.AllDirectories).Single());

        var done = await VerifyAsync(scene, repair: true);

        Assert.Matches("^The file bodies/.* of body 3 is lost\\.$", Assert.Single(done.Problems).Text);
        Assert.Equal(4, done.Size.Messages);
    }

    [Fact]
    public async Task A_message_without_a_place_lies_in_the_recovered_mailbox_of_whom_it_was_delivered_to()
    {
        await using var scene = await MakeAsync();
        await DamageAsync(scene, "DELETE FROM message WHERE body_id = 2");

        await VerifyAsync(scene, repair: true);

        var ann = (await scene.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!;
        var recovered = (await scene.Mailboxes.ListAsync(ann.Id, Cancellation)).Single(mailbox => mailbox.Name == "Recovered");
        var opened = await scene.Mailboxes.OpenAsync(ann.Id, recovered.Id, new Uid(1), Cancellation);
        Assert.Equal("Second", opened!.Summary.Subject);
        Assert.Equal((1, 1), (recovered.Messages, recovered.Unseen));
    }

    [Fact]
    public async Task Nothing_is_repaired_while_a_program_looks_after_the_store()
    {
        await using var scene = await MakeAsync();
        await DamageAsync(scene, "UPDATE mailbox SET messages = 9 WHERE special_use = 1");
        await using (new FileStream(Path.Combine(scene.Directory, StoreUpkeep.LockFile), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        {
            var refused = Assert.IsType<StoreVerification.Refused>(await Maintenance(scene).VerifyAsync(repair: true, Cancellation));
            Assert.True(refused.IsTemporary);
        }

        Assert.NotEmpty((await VerifyAsync(scene, repair: false)).Problems);
    }

    [Fact]
    public async Task A_damaged_database_is_told_and_left_as_it_is()
    {
        using var directory = new TempDirectory();
        await using (var scene = new MdaScene(directory: directory.Path))
        {
            await scene.AddAccountAsync("ann@example.org");
            for (var i = 0; i < 50; i++)
                await scene.DeliverAsync(MdaScene.Message(body: new string('x', 3000)), "ann@example.org");
        }

        await using (var file = new FileStream(Path.Combine(directory.Path, "mda.db"), FileMode.Open, FileAccess.ReadWrite))
        {
            // The last pages are of bodies: the schema is still read.
            file.Seek(-40_000, SeekOrigin.End);
            file.Write(new byte[20_000]);
        }

        await using var damaged = new MdaScene(directory: directory.Path);
        var before = await File.ReadAllBytesAsync(Path.Combine(directory.Path, "mda.db"), Cancellation);
        var verification = await Maintenance(damaged).VerifyAsync(repair: true, Cancellation);

        Assert.Contains("The database is damaged", verification is StoreVerification.Refused { Reason: var reason } ? reason : ((StoreVerification.Done)verification).Problems[0].Text, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Path.Combine(directory.Path, "mda.db"), Cancellation));
    }

    [Fact]
    public async Task Of_a_hundred_problems_of_one_sort_the_rest_is_counted()
    {
        await using var scene = await MakeAsync();
        await DamageAsync(scene, "WITH RECURSIVE n(i) AS (SELECT 1000 UNION ALL SELECT i + 1 FROM n WHERE i < 1100) INSERT INTO body_octets SELECT i, x'41' FROM n");

        var problems = (await VerifyAsync(scene, repair: false)).Problems;

        Assert.Equal(101, problems.Count);
        Assert.Equal("And 1 more of the same sort.", problems[^1].Text);
    }

    [Fact]
    public async Task Wrong_facts_are_derived_anew_by_a_rebuild()
    {
        await using var scene = await MakeAsync();
        await DamageAsync(scene, "UPDATE body SET subject = 'wrong', preview = 'wrong', from_name = 'wrong'; UPDATE body_wire SET envelope = x'00'; DELETE FROM body_head");
        var told = new List<RebuildProgress>();

        var done = Assert.IsType<StoreRebuilding.Done>(await Maintenance(scene).RebuildAsync(null, new Told(told), Cancellation));

        Assert.Equal((3, 0), (done.Messages, done.Unreadable));
        Assert.Equal(new RebuildProgress(3, 3), told[^1]);
        await using var tables = scene.OpenTables();
        Assert.Equal(["First", "Second", "Third"], await tables.Bodies.OrderBy(body => body.Id).Select(body => body.Subject).ToListAsync(Cancellation));
        Assert.All(await tables.Bodies.ToListAsync(Cancellation), body => Assert.NotEqual("wrong", body.Preview));
        Assert.All(await tables.Set<BodyWireRow>().ToListAsync(Cancellation), wire => Assert.StartsWith("(NIL", System.Text.Encoding.ASCII.GetString(wire.Envelope), StringComparison.Ordinal));
        Assert.Equal(3, await tables.Set<BodyHeadRow>().CountAsync(Cancellation));
        Assert.Empty((await VerifyAsync(scene, repair: false)).Problems);
    }

    [Fact]
    public async Task A_rebuild_of_one_account_leaves_the_others()
    {
        await using var scene = await MakeAsync();
        await DamageAsync(scene, "UPDATE body SET subject = 'wrong'");

        var done = Assert.IsType<StoreRebuilding.Done>(await Maintenance(scene).RebuildAsync(MdaScene.Address("bob@example.org"), new Told([]), Cancellation));

        Assert.Equal(1, done.Messages);
        await using var tables = scene.OpenTables();
        Assert.Equal(["First", "wrong", "wrong"], await tables.Bodies.OrderBy(body => body.Id).Select(body => body.Subject).ToListAsync(Cancellation));
        Assert.False(Assert.IsType<StoreRebuilding.Refused>(await Maintenance(scene).RebuildAsync(MdaScene.Address("nobody@example.org"), new Told([]), Cancellation)).IsTemporary);
    }

    private static IStoreMaintenance Maintenance(MdaScene scene) => scene.Services.GetRequiredService<IStoreMaintenance>();

    private static async Task<StoreVerification.Done> VerifyAsync(MdaScene scene, bool repair) =>
        Assert.IsType<StoreVerification.Done>(await Maintenance(scene).VerifyAsync(repair, Cancellation));

    /// <summary>Ann has three messages, Bob the first of them too; the third lies in a file.</summary>
    private static async Task<MdaScene> MakeAsync()
    {
        var scene = new MdaScene(options => options with { LargeMessageOctets = 1000 });
        await scene.AddAccountAsync("ann@example.org");
        await scene.AddAccountAsync("bob@example.org");
        await scene.DeliverAsync(MdaScene.Message("First"), "ann@example.org", "bob@example.org");
        await scene.DeliverAsync(MdaScene.Message("Second"), "ann@example.org");
        await scene.DeliverAsync(MdaScene.Message("Third", new string('x', 2000)), "ann@example.org");
        await scene.Services.GetRequiredService<BodyDerivation>().DeriveBatchAsync(Cancellation);
        return scene;
    }

    private static async Task DamageAsync(MdaScene scene, string sql)
    {
        await using var tables = scene.OpenTables();
        await tables.Database.OpenConnectionAsync(Cancellation);
        await tables.Database.ExecuteSqlRawAsync("PRAGMA foreign_keys=OFF", Cancellation);
        await tables.Database.ExecuteSqlRawAsync(sql, Cancellation);
    }

    private sealed class Told(List<RebuildProgress> all) : IProgress<RebuildProgress>
    {
        public void Report(RebuildProgress value) => all.Add(value);
    }
}
