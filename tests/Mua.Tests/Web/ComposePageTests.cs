using System.Net;
using System.Text;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Contracts.Mta;
using StatusCodes = MailSuite.Shared.Status.StatusCodes;

namespace MailSuite.Mua.Tests.Web;

public sealed class ComposePageTests
{
    private const string Draft = "01a2b3c4d5e6778899aabbccddeeff00";

    [Fact]
    public async Task Sends_and_shows_where_the_journey_is()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();

        var response = await SendAsync(scene, "ann@example.net");
        Assert.Equal((HttpStatusCode.Found, $"/mail?sent={Draft}"), (response.StatusCode, response.Headers.Location!.PathAndQuery));
        Assert.Equal(("Hi", "ann@example.net"), (scene.Submission.Message.Subject, scene.Submission.Message.To.ToString()));
        Assert.Contains($"/journey/{Draft}", await scene.Browser.GetStringAsync(response.Headers.Location), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keeps_what_was_written_and_the_files_when_an_address_is_refused()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();

        var refused = await SendAsync(scene, "nonsense", file: "a,b");
        var page = await refused.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("id=\"to-error\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"nonsense\"", page, StringComparison.Ordinal);
        Assert.Contains("The text.", page, StringComparison.Ordinal);
        Assert.Contains("paper.txt", page, StringComparison.Ordinal);
        Assert.Empty(scene.Submission.Taken);

        const string Field = "name=\"keep\" value=\"";
        var at = page.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
        await SendAsync(scene, "ann@example.net", keep: page.Substring(at, 32));
        var attachment = Assert.IsAssignableFrom<MimeKit.MimePart>(Assert.Single(scene.Submission.Message.Attachments));
        using var octets = new MemoryStream();
        attachment.Content!.DecodeTo(octets);
        Assert.Equal(("paper.txt", "a,b"), (attachment.FileName, Encoding.UTF8.GetString(octets.ToArray())));
    }

    [Fact]
    public async Task Leaves_behind_a_file_that_was_unticked()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();
        await SendAsync(scene, "nonsense", file: "a,b");
        await SendAsync(scene, "ann@example.net");

        Assert.Empty(scene.Submission.Message.Attachments);
    }

    [Fact]
    public async Task Says_beside_the_field_what_the_MTA_refused()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();
        scene.Submission.Answer = new SubmissionOutcome.Refused(StatusCodes.NoSuchMailbox, "No such mailbox here.", [Shared.Addressing.EnvelopeAddress.Parse("ann@example.net")]);

        var page = await (await SendAsync(scene, "ann@example.net")).Content.ReadAsStringAsync();
        Assert.Contains("<p class=\"error\" id=\"to-error\">ann@example.net: No such mailbox here. (5.1.1)</p>", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_files_beyond_the_limit()
    {
        await using var scene = await WebScene.StartAsync(o => o with { MaxMessageOctets = 50_000 });
        await scene.SignInAsync();

        var refused = await SendAsync(scene, "ann@example.net", file: new string('x', 60_000));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("The files are too large", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(scene.Submission.Taken);
    }

    [Fact]
    public async Task Begins_a_reply_with_the_fields_filled()
    {
        await using var scene = await WebScene.StartAsync();
        var uid = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple);
        await scene.SignInAsync();

        var page = await scene.Browser.GetStringAsync($"/mail/compose?as=reply&from=1.{uid}");
        Assert.Contains("value=\"&quot;Ann Lee&quot; &lt;ann@example.net&gt;\"", page, StringComparison.Ordinal);
        Assert.Contains("value=\"Re: Hello\"", page, StringComparison.Ordinal);
        Assert.Contains("&gt; Hello Bob.", page, StringComparison.Ordinal);
        Assert.Contains("name=\"in-reply-to\" value=\"m1@example.net\"", page, StringComparison.Ordinal);
    }

    private static async Task<HttpResponseMessage> SendAsync(WebScene scene, string to, string? file = null, string? keep = null)
    {
        var html = await scene.Browser.GetStringAsync("/mail/compose");
        var form = new MultipartFormDataContent();
        foreach (var (name, value) in new[] { ("__RequestVerificationToken", WebScene.TokenIn(html)), ("_handler", "compose"), ("draft", Draft), ("to", to), ("subject", "Hi"), ("text", "The text."), ("do", "send") })
            form.Add(new StringContent(value), name);
        if (keep is not null)
            form.Add(new StringContent(keep), "keep");
        if (file is not null)
            form.Add(new StringContent(file, Encoding.UTF8, "text/plain"), "attachment", "paper.txt");
        return await scene.Browser.PostAsync("/mail/compose", form);
    }
}
