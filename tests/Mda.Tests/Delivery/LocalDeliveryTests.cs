using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;
using MailSuite.Shared.Status;

namespace MailSuite.Mda.Tests.Delivery;

public sealed class LocalDeliveryTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Puts_a_message_into_the_inbox_with_a_return_path_in_front_of_the_octets_received()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var content = MdaScene.Message("Grüße");

        var outcomes = await scene.DeliverAsync(content, "Ann@example.org");

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(outcomes));
        var summary = Assert.Single(await scene.MessagesAsync(ann));
        Assert.Equal("Grüße", summary.Subject);
        Assert.Equal("Bob", summary.From);
        var opened = await scene.Mailboxes.OpenAsync(ann.Id, summary.Mailbox, summary.Uid, Cancellation);
        Assert.Equal("Return-Path: <bob@example.net>\r\nDelivered-To: Ann@example.org\r\n" + MdaScene.Text(content), MdaScene.Text(opened!.Content));
        Assert.Equal(summary.Octets, opened.Content.Octets);
    }

    [Fact]
    public async Task Writes_the_null_reverse_path_as_two_brackets()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");

        await scene.Delivery.DeliverAsync(
            new LocalDelivery(DeliveryId.New(scene.Clock), JourneyId.New(scene.Clock), ReversePath.Null, [ann.Address], MdaScene.Message()), Cancellation);

        var summary = Assert.Single(await scene.MessagesAsync(ann));
        var opened = await scene.Mailboxes.OpenAsync(ann.Id, summary.Mailbox, summary.Uid, Cancellation);
        Assert.StartsWith("Return-Path: <>\r\n", MdaScene.Text(opened!.Content), StringComparison.Ordinal);
    }

    /// <summary>They share one copy, and need not learn of each other.</summary>
    [Fact]
    public async Task Names_none_of_several_recipients()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.AddAccountAsync("ben@example.org");

        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org", "ben@example.org");

        var summary = Assert.Single(await scene.MessagesAsync(ann));
        var opened = await scene.Mailboxes.OpenAsync(ann.Id, summary.Mailbox, summary.Uid, Cancellation);
        Assert.DoesNotContain("Delivered-To", MdaScene.Text(opened!.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Files_into_Junk_when_asked_to_once_however_often()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var delivery = new LocalDelivery(DeliveryId.New(scene.Clock), JourneyId.New(scene.Clock), ReversePath.Null, [ann.Address], MdaScene.Message()) { Into = SpecialUse.Junk };

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.Delivery.DeliverAsync(delivery, Cancellation)));
        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.Delivery.DeliverAsync(delivery, Cancellation)));

        Assert.Empty(await scene.MessagesAsync(ann));
        Assert.Single(await scene.MessagesAsync(ann, SpecialUse.Junk));
        Assert.Contains(scene.Journeys.Events, told => told.Summary == "Filed in Junk of ann@example.org as UID 1.");
    }

    [Fact]
    public async Task Writes_the_octets_once_for_all_recipients()
    {
        await using var scene = new MdaScene();
        for (var i = 0; i < 3; i++)
            await scene.AddAccountAsync($"user{i}@example.org");

        await scene.DeliverAsync(MdaScene.Message(), "user0@example.org", "user1@example.org", "user2@example.org");

        await using var tables = scene.OpenTables();
        Assert.Equal(3, Assert.Single(tables.Bodies).Refs);
        Assert.Single(tables.BodyOctets);
        Assert.Equal(3, tables.Messages.Count());
    }

    [Fact]
    public async Task Gives_a_mailbox_that_is_reached_twice_one_copy()
    {
        await using var scene = new MdaScene(options => options with
        {
            Aliases = new Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> { [MdaScene.Address("team@example.org")] = [MdaScene.Address("ann@example.org")] },
        });
        var ann = await scene.AddAccountAsync("ann@example.org");

        var outcomes = await scene.DeliverAsync(MdaScene.Message(), "ann@example.org", "ANN+lists@example.org", "team@example.org");

        Assert.All(outcomes, outcome => Assert.IsType<LocalDeliveryOutcome.Stored>(outcome));
        Assert.Single(await scene.MessagesAsync(ann));
    }

    [Fact]
    public async Task Stores_nothing_when_the_same_delivery_is_repeated_and_says_stored_again()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var id = DeliveryId.New(scene.Clock);
        await scene.DeliverAsync(id, MdaScene.Message(), "ann@example.org");
        var summary = Assert.Single(await scene.MessagesAsync(ann));
        await scene.Mailboxes.MoveAsync(ann.Id, summary.Mailbox, [summary.Uid], (await scene.MailboxAsync(ann, SpecialUse.Archive)).Id, Cancellation);
        var told = scene.Journeys.Events.Count;

        var outcomes = await scene.DeliverAsync(id, MdaScene.Message(), "ann@example.org");

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(outcomes));
        Assert.Empty(await scene.MessagesAsync(ann));
        Assert.Equal(told, scene.Journeys.Events.Count);
        await using var tables = scene.OpenTables();
        Assert.Single(tables.Bodies);
    }

    /// <summary>A caller that heard nothing, since the program was killed or stopped, repeats with the same id.</summary>
    [Fact]
    public async Task Stores_nothing_when_the_same_delivery_is_repeated_after_a_restart()
    {
        using var directory = new Testing.TempDirectory();
        DeliveryId id;
        await using (var before = new MdaScene(directory: directory.Path))
        {
            id = DeliveryId.New(before.Clock);
            await before.AddAccountAsync("ann@example.org");
            await before.DeliverAsync(id, MdaScene.Message(), "ann@example.org");
        }

        await using var after = new MdaScene(directory: directory.Path);
        await after.StartAsync();
        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await after.DeliverAsync(id, MdaScene.Message(), "ann@example.org")));
        Assert.Single(await after.MessagesAsync((await after.Accounts.FindAsync(MdaScene.Address("ann@example.org"), Cancellation))!));
        await after.StopAsync();
    }

    [Fact]
    public async Task Stores_only_what_is_missing_when_a_partly_deferred_delivery_is_repeated()
    {
        await using var scene = new MdaScene(options => options with { QuotaOctets = 1500 });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var ben = await scene.AddAccountAsync("ben@example.org");
        await scene.DeliverAsync(MdaScene.Message(body: new string('x', 1000)), "ben@example.org");
        var id = DeliveryId.New(scene.Clock);
        var message = MdaScene.Message(body: new string('y', 1000));

        var first = await scene.DeliverAsync(id, message, "ann@example.org", "ben@example.org");
        var filler = Assert.Single(await scene.MessagesAsync(ben));
        await scene.Mailboxes.ExpungeAsync(ben.Id, filler.Mailbox, [filler.Uid], Cancellation);
        var second = await scene.DeliverAsync(id, message, "ann@example.org", "ben@example.org");

        Assert.IsType<LocalDeliveryOutcome.Stored>(first[0]);
        Assert.Equal(StatusCodes.MailboxFullForNow, Assert.IsType<LocalDeliveryOutcome.Deferred>(first[1]).Status);
        Assert.All(second, outcome => Assert.IsType<LocalDeliveryOutcome.Stored>(outcome));
        Assert.Single(await scene.MessagesAsync(ann));
        Assert.Single(await scene.MessagesAsync(ben));
    }

    [Fact]
    public async Task Says_of_an_alias_that_some_of_its_mailboxes_have_the_message_and_serves_the_others_later()
    {
        var team = MdaScene.Address("team@example.org");
        await using var scene = new MdaScene(options => options with
        {
            QuotaOctets = 1500,
            Aliases = new Dictionary<EnvelopeAddress, IReadOnlyList<EnvelopeAddress>> { [team] = [MdaScene.Address("ann@example.org"), MdaScene.Address("ben@example.org")] },
        });
        var ann = await scene.AddAccountAsync("ann@example.org");
        var ben = await scene.AddAccountAsync("ben@example.org");
        await scene.DeliverAsync(MdaScene.Message(body: new string('x', 1200)), "ben@example.org");
        var id = DeliveryId.New(scene.Clock);
        var message = MdaScene.Message(body: new string('y', 1000));

        Assert.IsType<RecipientVerdict.Local>(await scene.Recipients.JudgeAsync(team, Cancellation));
        Assert.True(Assert.IsType<LocalDeliveryOutcome.Deferred>(Assert.Single(await scene.DeliverAsync(id, message, "team@example.org"))).SomeHaveIt);
        Assert.True(Assert.IsType<LocalDeliveryOutcome.Deferred>(Assert.Single(await scene.DeliverAsync(id, message, "team@example.org"))).SomeHaveIt);
        Assert.False(Assert.IsType<LocalDeliveryOutcome.Deferred>(Assert.Single(await scene.DeliverAsync(id, message, "ben@example.org"))).SomeHaveIt);
        var filler = Assert.Single(await scene.MessagesAsync(ben));
        await scene.Mailboxes.ExpungeAsync(ben.Id, filler.Mailbox, [filler.Uid], Cancellation);

        Assert.True(Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(id, message, "team@example.org"))).Expanded);
        Assert.False(Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(id, message, "ben@example.org"))).Expanded);
        Assert.Single(await scene.MessagesAsync(ann));
        Assert.Single(await scene.MessagesAsync(ben));
    }

    [Fact]
    public async Task Refuses_whom_it_does_not_know_and_serves_the_others()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");

        var outcomes = await scene.DeliverAsync(MdaScene.Message(), "nobody@example.org", "ann@example.org", "ann@elsewhere.example");

        Assert.Equal(StatusCodes.NoSuchMailbox, Assert.IsType<LocalDeliveryOutcome.Refused>(outcomes[0]).Status);
        Assert.IsType<LocalDeliveryOutcome.Stored>(outcomes[1]);
        Assert.IsType<LocalDeliveryOutcome.Refused>(outcomes[2]);
        Assert.Single(await scene.MessagesAsync(ann));
    }

    [Fact]
    public async Task Refuses_for_ever_what_could_never_fit_the_quota()
    {
        await using var scene = new MdaScene(options => options with { QuotaOctets = 500 });
        await scene.AddAccountAsync("ann@example.org");

        var outcomes = await scene.DeliverAsync(MdaScene.Message(body: new string('x', 600)), "ann@example.org");

        Assert.Equal(StatusCodes.MessageTooLargeForMailbox, Assert.IsType<LocalDeliveryOutcome.Refused>(Assert.Single(outcomes)).Status);
    }

    [Fact]
    public async Task Defers_for_an_account_that_went_while_the_message_was_on_its_way()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        await scene.DeliverAsync(MdaScene.Message(), "ann@example.org");
        await using var other = new MdaScene(directory: scene.Directory);
        await other.Accounts.RemoveAsync(ann.Address, Cancellation);

        var first = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"));
        var second = Assert.Single(await scene.DeliverAsync(MdaScene.Message(), "ann@example.org"));

        Assert.True(first is LocalDeliveryOutcome.Deferred or LocalDeliveryOutcome.Refused);
        Assert.IsType<LocalDeliveryOutcome.Refused>(second);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    [InlineData("no header at all")]
    [InlineData("\0\0\0\0")]
    [InlineData(":\r\n:\r\n::::\r\n\r\n")]
    [InlineData("Subject: =?utf-8?B?////?=\r\nFrom: <<<>>>,,\"\r\nDate: never\r\nMessage-ID: <<>\r\n\r\n\0")]
    [InlineData("From: a:b:c:d:e:f;;;;;\r\nSubject:\r\n \r\n \r\n\r\n")]
    public async Task Stores_hostile_octets_as_they_are(string message)
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");

        var outcomes = await scene.DeliverAsync(MdaScene.Octets(message), "ann@example.org");

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(outcomes));
        var summary = Assert.Single(await scene.MessagesAsync(ann));
        var opened = await scene.Mailboxes.OpenAsync(ann.Id, summary.Mailbox, summary.Uid, Cancellation);
        Assert.EndsWith(message, MdaScene.Text(opened!.Content), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stores_a_message_of_a_hundred_thousand_header_lines()
    {
        await using var scene = new MdaScene();
        await scene.AddAccountAsync("ann@example.org");
        var header = string.Concat(Enumerable.Range(0, 100_000).Select(i => $"X-{i}: y\r\n"));

        var outcomes = await scene.DeliverAsync(MdaScene.Octets("Subject: many\r\n" + header + "\r\n"), "ann@example.org");

        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(outcomes));
    }

    [Fact]
    public async Task Says_nothing_is_stored_when_the_caller_gave_up_before()
    {
        await using var scene = new MdaScene();
        var ann = await scene.AddAccountAsync("ann@example.org");
        var delivery = new LocalDelivery(DeliveryId.New(scene.Clock), JourneyId.New(scene.Clock), ReversePath.Null, [ann.Address], MdaScene.Message());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await scene.Delivery.DeliverAsync(delivery, new CancellationToken(canceled: true)));

        Assert.Empty(await scene.MessagesAsync(ann));
    }

    [Fact]
    public async Task Serves_a_hundred_callers_at_once_each_exactly_once()
    {
        const int Callers = 100;
        const int Each = 50;
        await using var scene = new MdaScene();
        var accounts = new List<Account>();
        for (var i = 0; i < 5; i++)
            accounts.Add(await scene.AddAccountAsync($"user{i}@example.org"));

        await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller => Task.Run(
            async () =>
            {
                for (var i = 0; i < Each; i++)
                {
                    var id = DeliveryId.New(scene.Clock);
                    var message = MdaScene.Message($"{caller}/{i}");
                    var recipient = $"user{caller % 5}@example.org";
                    Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(id, message, recipient)));
                    if (i % 10 == 0)
                        Assert.IsType<LocalDeliveryOutcome.Stored>(Assert.Single(await scene.DeliverAsync(id, message, recipient)));
                }
            },
            Cancellation)));

        await using var tables = scene.OpenTables();
        foreach (var account in accounts)
        {
            var inbox = await scene.MailboxAsync(account);
            var rows = tables.Messages.Where(row => row.MailboxId == inbox.Id.Value).OrderBy(row => row.Uid).ToList();
            Assert.Equal(Enumerable.Range(1, Callers * Each / 5).Select(uid => (long)uid), rows.Select(row => row.Uid));
            Assert.Equal((rows.Count, rows.Count), (inbox.Messages, inbox.Unseen));
            Assert.Equal((uint)rows.Count + 1, inbox.UidNext.Value);
        }

        Assert.Equal(Callers * Each, tables.Bodies.Select(body => body.Subject).Distinct().Count());
    }
}
