using System.Net;
using MailSuite.Mua.Tests.Support;
using MailSuite.Mua.Web;
using MailSuite.Mua.Web.Admin;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Journey;
using MailSuite.Testing;
using Microsoft.Extensions.Primitives;

namespace MailSuite.Mua.Tests.Web;

/// <summary>The pages of the queue as the server draws them; a browser presses their buttons in the tests of the whole program.</summary>
public sealed class QueuePageTests
{
    [Theory]
    [InlineData("/admin/queue")]
    [InlineData("/admin/queue/1")]
    [InlineData("/admin/queue/1/raw")]
    [InlineData("/admin/destinations")]
    [InlineData("/admin/done")]
    [InlineData("/admin/suppressions")]
    [InlineData("/admin/clock")]
    [InlineData("/admin")]
    public async Task Every_page_is_for_administrators(string path)
    {
        await using var scene = await WebScene.StartAsync();
        scene.Queue.Messages.Add(FakeMailQueue.Mail("1", "ann@here.test", "bob@away.test"));
        Assert.Equal(HttpStatusCode.Found, (await scene.Browser.GetAsync(path)).StatusCode);
        await scene.SignInAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await scene.Browser.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task Shows_totals_the_picture_and_the_messages_and_lets_no_reply_be_markup()
    {
        await using var scene = await SignedInAsync();
        scene.Queue.Messages.Add(FakeMailQueue.Mail("abc", "ann@here.test", "bob@away.test", "carl@away.test", "dora@away.test"));
        var html = await scene.Browser.GetStringAsync("/admin/queue");
        Assert.Contains("ann@here.test", html, StringComparison.Ordinal);
        Assert.Contains("bob@away.test, carl@away.test and 1 more", html, StringComparison.Ordinal);
        Assert.Contains("href=\"/admin/queue/abc\"", html, StringComparison.Ordinal);
        Assert.Contains("451 4.3.0 &lt;Later&gt;", html, StringComparison.Ordinal);
        Assert.Contains("<caption", html, StringComparison.Ordinal);
        Assert.Contains("heat-6", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<Later>", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Asks_for_what_the_address_names_and_passes_over_what_means_nothing()
    {
        await using var scene = await SignedInAsync();
        await scene.Browser.GetStringAsync("/admin/queue?domain=away.test&sender=%3C%3E&recipient=bob%40away.test&state=Held&error=451&older=60&id=abc&sort=Newest");
        var asked = scene.Queue.Asked!;
        Assert.Equal(("away.test", "<>", "bob@away.test", "451"), (asked.Domain, asked.Sender, asked.Recipient, asked.Error));
        Assert.Equal([QueueState.Held], asked.States);
        Assert.Equal(["abc"], asked.Ids);
        Assert.InRange(DateTimeOffset.UtcNow - asked.Before!.Value, TimeSpan.FromMinutes(59), TimeSpan.FromMinutes(61));

        await scene.Browser.GetStringAsync("/admin/queue?state=Delivered&older=-5&sort=9&domain=");
        Assert.True(scene.Queue.Asked!.IsEverything);
    }

    [Fact]
    public async Task A_message_has_its_recipients_its_header_and_its_source_and_none_of_it_is_markup()
    {
        await using var scene = await SignedInAsync();
        scene.Queue.Messages.Add(FakeMailQueue.Mail("abc", "ann@here.test", "bob@away.test"));
        var html = await scene.Browser.GetStringAsync("/admin/queue/abc");
        Assert.Contains("Subject: &lt;b&gt;Hello&lt;/b&gt;", html, StringComparison.Ordinal);
        Assert.Contains("/journey/7", html, StringComparison.Ordinal);

        var raw = await scene.Browser.GetAsync("/admin/queue/abc/raw");
        Assert.Equal("text/plain", raw.Content.Headers.ContentType!.MediaType);
        Assert.Contains("sandbox", string.Join(' ', raw.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Browser.GetAsync("/admin/queue/other/raw")).StatusCode);
        Assert.Contains("has no such message", await scene.Browser.GetStringAsync("/admin/queue/other"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_queue_that_cannot_be_read_says_so_and_breaks_no_page()
    {
        await using var scene = await SignedInAsync();
        scene.Queue.IsDown = true;
        var response = await scene.Browser.GetAsync("/admin/queue");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains("cannot be read now", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finished_messages_are_found_with_what_became_of_each_recipient()
    {
        await using var scene = await SignedInAsync();
        var at = DateTimeOffset.UtcNow.AddHours(-1);
        scene.Queue.Retired.Add(new RetiredMail("old", "7", "<ann@here.test>", at.AddHours(-2), at, 5000,
            [new RetiredRecipient("bob@away.test", QueueState.Delivered, "2.0.0", "mx.away.test", "250 <ok>"), new RetiredRecipient("carl@away.test", QueueState.Returned, "5.1.1", "mx.away.test", "550 no")]));
        var html = await scene.Browser.GetStringAsync("/admin/done?sender=here.test&recipient=away.test");
        Assert.Equal(("here.test", "away.test"), (scene.Queue.AskedRetired!.Sender, scene.Queue.AskedRetired.Recipient));
        foreach (var shown in new[] { "Delivered", "Returned to its sender", "mx.away.test: 250 &lt;ok&gt;", "1 h ago", "after 2 h" })
            Assert.Contains(shown, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Suppressed_addresses_are_found_added_and_taken_off()
    {
        await using var scene = await SignedInAsync();
        scene.Suppressions.Put(new Suppression("gone@away.test", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(30), "5.1.1", "There is nobody there.", "mx.away.test", "550 <no>", "abc", "7", IsManual: false));
        var html = await scene.Browser.GetStringAsync("/admin/suppressions");
        foreach (var shown in new[] { "gone@away.test", "5.1.1", "mx.away.test: 550 &lt;no&gt;", "/journey/7" })
            Assert.Contains(shown, html, StringComparison.Ordinal);
        Assert.DoesNotContain("gone@away.test", await scene.Browser.GetStringAsync("/admin/suppressions?text=other"), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Found, (await scene.PostAsync("/admin/suppressions", ("_handler", "add"), ("Address", "carl@away.test"), ("Reason", "asked us"))).StatusCode);
        Assert.Equal(["carl@away.test", "gone@away.test"], scene.Suppressions.Addresses);
        var refused = await scene.PostAsync("/admin/suppressions", ("_handler", "add"), ("Address", "nothing"));
        Assert.Contains("is no mail address", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await scene.PostAsync("/admin/suppressions", ("_handler", "remove-gone@away.test"), ("Remove", "gone@away.test"));
        Assert.Equal(["carl@away.test"], scene.Suppressions.Addresses);
    }

    [Fact]
    public async Task An_administrator_sees_every_journey_and_others_their_own()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();
        var journey = JourneyId.New(TimeProvider.System);
        scene.Journeys.Record(new JourneyEvent(journey, DateTimeOffset.UtcNow, MailRole.Mta, JourneyStep.Accepted, "mx.here.test", "It came.")
        {
            Facts = new MessageFacts { QueueId = "abc", Subject = "Not for Bob", ReversePath = ReversePath.Of(EnvelopeAddress.Parse("ann@here.test")), Recipients = [EnvelopeAddress.Parse("carl@away.test")] },
        });
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Browser.GetAsync($"/journey/{journey}")).StatusCode);
        Assert.DoesNotContain("Not for Bob", await scene.Browser.GetStringAsync("/journey"), StringComparison.Ordinal);

        await scene.Accounts.SetAdministratorAsync(EnvelopeAddress.Parse("bob@example.org"), true, TestContext.Current.CancellationToken);
        Assert.Contains("Not for Bob", await scene.Browser.GetStringAsync($"/journey/{journey}"), StringComparison.Ordinal);
        Assert.Contains("Not for Bob", await scene.Browser.GetStringAsync("/journey"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_journey_of_days_numbers_its_attempts_and_tells_their_day()
    {
        await using var scene = await SignedInAsync();
        var journey = JourneyId.New(TimeProvider.System);
        var at = DateTimeOffset.UtcNow.AddDays(-4);
        JourneyEvent Event(JourneyStep step, DateTimeOffset when) => new(journey, when, MailRole.Mta, step, "mx.here.test", "Something.") { Peer = step == JourneyStep.Queued ? null : "mx.away.test" };
        foreach (var (step, hours) in new[] { (JourneyStep.Queued, 0), (JourneyStep.Deferred, 0), (JourneyStep.Deferred, 30), (JourneyStep.Relayed, 60) })
            scene.Journeys.Record(Event(step, at.AddHours(hours)));
        var html = await scene.Browser.GetStringAsync($"/journey/{journey}");
        foreach (var shown in new[] { "Attempt 1", "Attempt 2", "Attempt 3", Times.Day(at.AddHours(30), TimeZoneInfo.Local), Times.Day(at.AddHours(60), TimeZoneInfo.Local) })
            Assert.Contains(shown, html, StringComparison.Ordinal);
        Assert.DoesNotContain("Attempt 4", html, StringComparison.Ordinal);
    }

    [Fact]
    public void The_address_of_a_query_is_read_as_the_query()
    {
        var query = new QueueQuery("1", "a.test", "<>", "ü@b.test", QueueState.Held, 60, "450 & more", QueueSort.NextAttempt);
        Assert.Equal(query, QueueQuery.Of(query.ToAddress()));
        Assert.True(QueueQuery.Of("/admin/queue").IsEverything);
        Assert.True(QueueQuery.Read(new QueryCollection(new Dictionary<string, StringValues> { ["domain"] = new string('a', QueueQuery.MaxCharacters + 1) })).IsEverything);
        Assert.False(QueueQuery.Read(new QueryCollection(new Dictionary<string, StringValues> { ["domain"] = new string('a', QueueQuery.MaxCharacters) })).IsEverything);
    }

    [Theory]
    [InlineData(0, 100, 0)]
    [InlineData(1, 100, 1)]
    [InlineData(10, 100, 3)]
    [InlineData(100, 100, 6)]
    [InlineData(1, 1, 1)]
    public void A_number_is_as_hot_as_its_power(long number, long largest, int heat) => Assert.Equal(heat, QueueWords.Heat(number, largest));

    [Theory]
    [InlineData(1, "now")]
    [InlineData(-45, "45 s ago")]
    [InlineData(240, "in 4 min")]
    [InlineData(3 * 3600 + 20 * 60, "in 3 h 20 min")]
    [InlineData(-(2 * 86400 + 4 * 3600), "2 d 4 h ago")]
    public void An_instant_is_told_from_now(int seconds, string expected) =>
        Assert.Equal(expected, QueueWords.Relative(DateTimeOffset.UnixEpoch.AddSeconds(seconds), DateTimeOffset.UnixEpoch));

    private static async Task<WebScene> SignedInAsync()
    {
        var scene = await WebScene.StartAsync(options => options with { AnyPassword = true });
        await scene.SignInAsync();
        return scene;
    }
}
