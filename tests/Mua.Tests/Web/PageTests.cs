using System.Net;
using MailSuite.Mua.Tests.Support;
using MailSuite.Mua.Web;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Journey;

namespace MailSuite.Mua.Tests.Web;

public sealed class PageTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/mail")]
    [InlineData("/mail/1")]
    [InlineData("/mail/1/1")]
    [InlineData("/mail/1/1?view=headers")]
    [InlineData("/mail/1/1?view=source")]
    [InlineData("/mail/1/1/journey")]
    [InlineData("/mail/compose")]
    [InlineData("/mail/compose?as=reply&from=1.1")]
    [InlineData("/mail/compose?as=forward&from=1.1")]
    [InlineData("/search?q=hello")]
    [InlineData("/journey")]
    [InlineData("/journey?query=x")]
    [InlineData("/journey/00000000000000000000000000000000")]
    [InlineData("/no-such-page")]
    [InlineData("/mail/99")]
    [InlineData("/mail/1/999999999999")]
    [InlineData("/mail/1/-5")]
    public async Task Every_page_has_its_security_headers_and_no_inline_script(string path)
    {
        await using var scene = await WebScene.StartAsync();
        scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple, new JourneyId(Guid.CreateVersion7()));
        await scene.SignInAsync();

        var response = await scene.Browser.GetAsync(path);
        var html = await response.Content.ReadAsStringAsync();

        Assert.True(response.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, response.StatusCode.ToString());
        Assert.Equal(SecurityHeaders.PagePolicy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.DoesNotContain("<script>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http://", html.Replace("http://www.w3.org", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("<title>", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/mail")]
    [InlineData("/mail/1/1")]
    [InlineData("/mail/1/1/html")]
    [InlineData("/mail/1/1/raw")]
    [InlineData("/mail/1/1/parts/1")]
    [InlineData("/mail/compose")]
    [InlineData("/search")]
    [InlineData("/journey")]
    public async Task Nobody_sees_mail_without_signing_in(string path)
    {
        await using var scene = await WebScene.StartAsync();
        scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple);

        var response = await scene.Browser.GetAsync(path);
        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.Equal("/sign-in", response.Headers.Location!.AbsolutePath);
    }

    [Fact]
    public async Task Nobody_sees_the_mail_of_another()
    {
        await using var scene = await WebScene.StartAsync();
        var uid = scene.Mailboxes.Add(scene.Eve, InMemoryMailboxes.Inbox, Samples.Newsletter);
        await scene.SignInAsync();

        foreach (var path in new[] { "", "/html", "/raw", "/parts/4", "/journey" })
            Assert.Equal(HttpStatusCode.NotFound, (await scene.Browser.GetAsync($"/mail/1/{uid}{path}")).StatusCode);
        await scene.PostFromAsync("/mail/compose", "/mail/1/actions", ("action", "Trash"), ("uid", uid.ToString()));
        Assert.Single(scene.Mailboxes.Of(scene.Eve, InMemoryMailboxes.Inbox));
    }

    [Fact]
    public async Task Shows_the_list_and_the_message_and_marks_it_read()
    {
        await using var scene = await WebScene.StartAsync();
        var uid = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple.Replace("Hello Bob.", "Hello <b>Bob</b> & https://example.org/x.", StringComparison.Ordinal));
        await scene.SignInAsync();

        var list = await scene.Browser.GetStringAsync("/mail");
        Assert.Contains("<title>(1) Inbox &#xB7; MailSuite</title>", list, StringComparison.Ordinal);
        Assert.Contains($"href=\"/mail/1/{uid}\"", list, StringComparison.Ordinal);

        var message = await scene.Browser.GetStringAsync($"/mail/1/{uid}");
        Assert.Contains("Hello &lt;b&gt;Bob&lt;/b&gt; &amp; <a href=\"https://example.org/x\"", message, StringComparison.Ordinal);
        Assert.Equal(MessageFlags.Seen, scene.Mailboxes.Of(scene.Bob, InMemoryMailboxes.Inbox)[0].Summary.Flags);
    }

    [Fact]
    public async Task Serves_the_html_of_a_message_harmless_and_in_a_sandbox()
    {
        await using var scene = await WebScene.StartAsync();
        var uid = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Newsletter);
        await scene.SignInAsync();

        var page = await scene.Browser.GetStringAsync($"/mail/1/{uid}");
        Assert.Contains("sandbox=\"allow-popups allow-popups-to-escape-sandbox\"", page, StringComparison.Ordinal);
        Assert.Contains("1 picture from other hosts is not shown", page, StringComparison.Ordinal);
        Assert.Contains("_evil.html", page, StringComparison.Ordinal);

        var response = await scene.Browser.GetAsync($"/mail/1/{uid}/html");
        var html = await response.Content.ReadAsStringAsync();
        Assert.Equal(SecurityHeaders.MessagePolicy, Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Contains("<b>HTML</b>", html, StringComparison.Ordinal);
        Assert.DoesNotContain("alert", html, StringComparison.Ordinal);
        Assert.DoesNotContain("tracker.example", html, StringComparison.Ordinal);

        // The picture's address works without the cookie, since a sandboxed frame sends none, and a changed one does not.
        var start = html.IndexOf("/mail/inline/", StringComparison.Ordinal);
        var picture = html[start..html.IndexOf('"', start)];
        using var frame = new HttpClient { BaseAddress = scene.Browser.BaseAddress };
        var shown = await frame.GetAsync(picture);
        Assert.Equal("image/png", shown.Content.Headers.ContentType!.MediaType);
        Assert.Equal(HttpStatusCode.NotFound, (await frame.GetAsync(picture[..^4] + "AAAA")).StatusCode);

        var remote = await scene.Browser.GetAsync($"/mail/1/{uid}/html?remote=true");
        Assert.Equal(SecurityHeaders.MessagePolicyWithRemotePictures, Assert.Single(remote.Headers.GetValues("Content-Security-Policy")));
        Assert.Contains("tracker.example", await remote.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_an_attachment_to_be_saved_and_never_to_be_run()
    {
        await using var scene = await WebScene.StartAsync();
        var uid = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Newsletter);
        await scene.SignInAsync();

        var response = await scene.Browser.GetAsync($"/mail/1/{uid}/parts/4");
        Assert.Equal("application/octet-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition!.DispositionType);
        Assert.Equal("_.._evil.html", response.Content.Headers.ContentDisposition.FileName!.Trim('"'));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("sandbox; default-src 'none'", Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal(HttpStatusCode.NotFound, (await scene.Browser.GetAsync($"/mail/1/{uid}/parts/99")).StatusCode);
    }

    [Fact]
    public async Task Gives_the_source_octet_for_octet()
    {
        await using var scene = await WebScene.StartAsync();
        var uid = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple);
        await scene.SignInAsync();

        var response = await scene.Browser.GetAsync($"/mail/1/{uid}/raw");
        Assert.Equal("text/plain", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal(Samples.Simple.ReplaceLineEndings("\r\n"), await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("Archive", 4)]
    [InlineData("Junk", 5)]
    [InlineData("Trash", 6)]
    public async Task Buttons_move_a_message(string action, long target)
    {
        await using var scene = await WebScene.StartAsync();
        var uid = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple);
        await scene.SignInAsync();

        var response = await scene.PostFromAsync($"/mail/1/{uid}", "/mail/1/actions", ("action", action), ("uid", uid.ToString()));
        Assert.Equal((HttpStatusCode.SeeOther, "/mail/1"), (response.StatusCode, response.Headers.Location!.ToString()));
        Assert.Single(scene.Mailboxes.Of(scene.Bob, new MailboxId(target)));
    }

    [Fact]
    public async Task Deletes_for_good_from_Trash_only()
    {
        await using var scene = await WebScene.StartAsync();
        var kept = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple);
        var gone = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Trash, Samples.Simple);
        await scene.SignInAsync();

        await scene.PostFromAsync("/mail/compose", "/mail/1/actions", ("action", "DeleteForGood"), ("uid", kept.ToString()));
        await scene.PostFromAsync("/mail/compose", "/mail/6/actions", ("action", "DeleteForGood"), ("uid", gone.ToString()));
        Assert.Single(scene.Mailboxes.Of(scene.Bob, InMemoryMailboxes.Inbox));
        Assert.Empty(scene.Mailboxes.Of(scene.Bob, InMemoryMailboxes.Trash));
    }

    [Theory]
    [InlineData("/mail/1/actions")]
    [InlineData("/mail/compose")]
    [InlineData("/sign-out")]
    public async Task A_form_from_elsewhere_does_nothing(string path)
    {
        await using var scene = await WebScene.StartAsync();
        var uid = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple);
        await scene.SignInAsync();

        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["action"] = "Trash", ["uid"] = uid.ToString(), ["_handler"] = "compose", ["to"] = "ann@example.net", ["reason"] = "x" });
        var response = await scene.Browser.PostAsync(path, form);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Single(scene.Mailboxes.Of(scene.Bob, InMemoryMailboxes.Inbox));
        Assert.Empty(scene.Submission.Taken);
        Assert.Equal(HttpStatusCode.OK, (await scene.Browser.GetAsync("/mail")).StatusCode);
    }

    [Fact]
    public async Task Shows_who_handed_what_to_whom()
    {
        await using var scene = await WebScene.StartAsync(o => o with { AnyPassword = true });
        var id = new JourneyId(Guid.CreateVersion7());
        scene.Journeys.Record(new JourneyEvent(id, DateTimeOffset.UtcNow, MailRole.Mta, JourneyStep.Accepted, "mail.example.org", "Accepted <it> from a client")
        {
            Reason = "the recipient is local",
            Peer = "client.example",
            Facts = new MessageFacts { Subject = "Traced & true" },
            Dialogue = [new(DateTimeOffset.UtcNow, true, "EHLO client.example"), new(DateTimeOffset.UtcNow, false, "250 ok")],
        });
        await scene.SignInAsync();

        var page = await scene.Browser.GetStringAsync($"/journey/{id}");
        Assert.Contains("Traced &amp; true", page, StringComparison.Ordinal);
        Assert.Contains("Accepted &lt;it&gt; from a client", page, StringComparison.Ordinal);
        Assert.Contains("the recipient is local", page, StringComparison.Ordinal);
        Assert.Contains("EHLO client.example", page, StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);
        Assert.Contains($"/journey/{id}", await scene.Browser.GetStringAsync("/journey?query=traced"), StringComparison.Ordinal);
    }
}
