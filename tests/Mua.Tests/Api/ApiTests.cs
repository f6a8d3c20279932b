using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using MailSuite.Mua.Api;
using MailSuite.Mua.Tests.Support;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mda;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Journey;
using StatusCodes = MailSuite.Shared.Status.StatusCodes;

namespace MailSuite.Mua.Tests.Api;

public sealed class ApiTests
{
    private const string Bob = "/api/v1/accounts/bob@example.org";

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong")]
    [InlineData(Samples.Token + "x")]
    public async Task Asks_for_the_token(string? token)
    {
        await using var scene = await WebScene.StartAsync();
        foreach (var path in new[] { $"{Bob}/mailboxes", $"{Bob}/messages", $"{Bob}/mailboxes/1/messages/1", "/api/v1/journeys?query=x", "/api/v1/nothing" })
            await AssertProblemAsync(HttpStatusCode.Unauthorized, await scene.ApiAsync(HttpMethod.Get, path, token));
        await AssertProblemAsync(HttpStatusCode.Unauthorized, await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", token, Form("{}")));
    }

    [Fact]
    public async Task Takes_no_cookie_for_the_token()
    {
        await using var scene = await WebScene.StartAsync();
        await scene.SignInAsync();
        await AssertProblemAsync(HttpStatusCode.Unauthorized, await scene.Browser.GetAsync($"{Bob}/mailboxes"));
    }

    [Fact]
    public async Task Lists_mailboxes_and_messages()
    {
        await using var scene = await WebScene.StartAsync();
        scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Simple);
        scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Newsletter, flags: MessageFlags.Seen | MessageFlags.Flagged);

        var mailboxes = await GetAsync<List<MailboxView>>(scene, $"{Bob}/mailboxes");
        Assert.Equal(new MailboxView(1, "INBOX", "Inbox", 2, 1), mailboxes[0]);

        var messages = await GetAsync<MessageListView>(scene, $"{Bob}/messages?limit=1");
        Assert.Equal((2, "News", "INBOX"), (messages.Total, Assert.Single(messages.Messages).Subject, messages.Messages[0].Mailbox));
        Assert.Equal(["Seen", "Flagged"], messages.Messages[0].Flags);

        var next = await GetAsync<MessageListView>(scene, $"{Bob}/messages?mailbox=inbox&before={messages.Messages[0].Uid}");
        Assert.Equal("Hello", Assert.Single(next.Messages).Subject);
        Assert.Equal("Hello", Assert.Single((await GetAsync<MessageListView>(scene, $"{Bob}/messages?subject=hello")).Messages).Subject);
        Assert.Equal("News", Assert.Single((await GetAsync<MessageListView>(scene, $"{Bob}/messages?from=letters.example")).Messages).Subject);
    }

    [Fact]
    public async Task Gives_a_message_with_its_parts_and_leaves_it_unread()
    {
        await using var scene = await WebScene.StartAsync();
        var journey = new JourneyId(Guid.CreateVersion7());
        var uid = scene.Mailboxes.Add(scene.Bob, InMemoryMailboxes.Inbox, Samples.Newsletter, journey);

        var message = await GetAsync<MessageDetailView>(scene, $"{Bob}/mailboxes/1/messages/{uid}");
        Assert.Equal("The plain form.", message.Text!.Trim());
        Assert.Contains("<b>HTML</b>", message.Html, StringComparison.Ordinal);
        Assert.Contains(new HeaderView("Subject", "News"), message.Headers);
        Assert.Equal((4, "_.._evil.html"), (message.Attachments[0].Part, message.Attachments[0].Name));
        Assert.Equal(journey.ToString(), message.Journey);
        Assert.Equal(MessageFlags.None, scene.Mailboxes.Of(scene.Bob, InMemoryMailboxes.Inbox)[0].Summary.Flags);

        var part = await scene.ApiAsync(HttpMethod.Get, $"{Bob}/mailboxes/1/messages/{uid}/parts/4");
        Assert.Equal("<script>alert(2)</script>", await part.Content.ReadAsStringAsync());
        Assert.Equal(message.Attachments[0].Octets, part.Content.Headers.ContentLength ?? (await part.Content.ReadAsByteArrayAsync()).Length);
        var raw = await scene.ApiAsync(HttpMethod.Get, $"{Bob}/mailboxes/1/messages/{uid}/raw");
        Assert.Equal(Samples.Newsletter.ReplaceLineEndings("\r\n"), await raw.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("/api/v1/accounts/nobody@example.org/mailboxes", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/accounts/nonsense/mailboxes", HttpStatusCode.UnprocessableEntity)]
    [InlineData(Bob + "/messages?mailbox=Nowhere", HttpStatusCode.NotFound)]
    [InlineData(Bob + "/messages?limit=0", HttpStatusCode.UnprocessableEntity)]
    [InlineData(Bob + "/messages?limit=501", HttpStatusCode.UnprocessableEntity)]
    [InlineData(Bob + "/messages?skip=-1", HttpStatusCode.UnprocessableEntity)]
    [InlineData(Bob + "/mailboxes/1/messages/77", HttpStatusCode.NotFound)]
    [InlineData(Bob + "/mailboxes/1/messages/99999999999", HttpStatusCode.NotFound)]
    [InlineData(Bob + "/mailboxes/1/messages/77/raw", HttpStatusCode.NotFound)]
    [InlineData(Bob + "/mailboxes/1/messages/77/parts/1", HttpStatusCode.NotFound)]
    [InlineData("/api/v1/journeys", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/api/v1/nothing", HttpStatusCode.NotFound)]
    public async Task Says_no_in_problem_details(string path, HttpStatusCode status)
    {
        await using var scene = await WebScene.StartAsync();
        await AssertProblemAsync(status, await scene.ApiAsync(HttpMethod.Get, path));
    }

    [Fact]
    public async Task Submits_a_message_with_files()
    {
        await using var scene = await WebScene.StartAsync();
        var request = new SubmissionRequest(["Ann <ann@example.net>"], ["c@example.net"], ["b@example.net"], "Hi", "Text", "<m1@example.net>");
        var form = Form(JsonSerializer.Serialize(request, ApiJson.Options));
        form.Add(new ByteArrayContent([1, 2, 3]), "attachment", "a.bin");

        var response = await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", content: form);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var view = await response.Content.ReadFromJsonAsync<SubmissionView>(ApiJson.Options);
        var message = scene.Submission.Message;
        Assert.Equal(("Q1", message.MessageId), (view!.QueueId, view.MessageId));
        Assert.Equal(("\"Ann\" <ann@example.net>", "m1@example.net", "a.bin"), (message.To.ToString(), message.InReplyTo, ((MimeKit.MimePart)message.Attachments.Single()).FileName));
        Assert.Equal(["ann@example.net", "c@example.net", "b@example.net"], scene.Submission.Taken[0].Recipients.Select(r => r.ToString()));
        Assert.Single(scene.Mailboxes.Of(scene.Bob, InMemoryMailboxes.Sent));
    }

    [Fact]
    public async Task Tells_why_a_submission_was_not_taken()
    {
        await using var scene = await WebScene.StartAsync();
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", content: Form("not json")));
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", content: Form("null")));
        await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", content: Form("""{"to":["nonsense"]}""")));
        await AssertProblemAsync(HttpStatusCode.UnsupportedMediaType, await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", content: new StringContent("{}")));

        scene.Submission.Answer = new SubmissionOutcome.Refused(StatusCodes.NoSuchMailbox, "There is no such mailbox.", [EnvelopeAddress.Parse("ann@example.net")]);
        var refused = await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", content: Form("""{"to":["ann@example.net"],"subject":"x","text":"y"}"""));
        Assert.Contains("There is no such mailbox.", await AssertProblemAsync(HttpStatusCode.UnprocessableEntity, refused), StringComparison.Ordinal);

        scene.Submission.Answer = new SubmissionOutcome.Deferred(StatusCodes.SystemStorageFull, "The disk is full.");
        var deferred = await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", content: Form("""{"to":["ann@example.net"]}"""));
        Assert.Contains("The disk is full.", await AssertProblemAsync(HttpStatusCode.ServiceUnavailable, deferred), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Refuses_a_submission_that_is_too_large_without_reading_it_all()
    {
        await using var scene = await WebScene.StartAsync(o => o with { MaxMessageOctets = 1000 });
        var form = Form("""{"to":["ann@example.net"]}""");
        form.Add(new ByteArrayContent(new byte[17 * 1024 * 1024]), "attachment", "a.bin");

        await AssertProblemAsync(HttpStatusCode.RequestEntityTooLarge, await scene.ApiAsync(HttpMethod.Post, $"{Bob}/submissions", content: form));
    }

    [Fact]
    public async Task Gives_journeys_whole()
    {
        await using var scene = await WebScene.StartAsync();
        var id = new JourneyId(Guid.CreateVersion7());
        scene.Journeys.Record(new JourneyEvent(id, DateTimeOffset.UtcNow, MailRole.Mta, JourneyStep.Accepted, "h", "Taken.")
        {
            Facts = new MessageFacts { MessageId = "m9@example.net" },
            Dialogue = [new(DateTimeOffset.UtcNow, true, "NOOP")],
        });

        var journey = Assert.Single(await GetAsync<List<JourneyView>>(scene, "/api/v1/journeys?query=%3Cm9@example.net%3E"));
        Assert.Equal((id.ToString(), "Taken."), (journey.Id, journey.Events[0].Summary));
        Assert.Equal((MailRole.Mta, JourneyStep.Accepted, "NOOP"), (journey.Events[0].Role, journey.Events[0].Step, journey.Events[0].Dialogue[0].Text));
        Assert.Contains("\"role\":\"Mta\"", await (await scene.ApiAsync(HttpMethod.Get, "/api/v1/journeys?query=m9@example.net")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Empty(await GetAsync<List<JourneyView>>(scene, "/api/v1/journeys?query=nothing"));
    }

    private static async Task<T> GetAsync<T>(WebScene scene, string path)
    {
        var response = await scene.ApiAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<T>(ApiJson.Options))!;
    }

    private static async Task<string> AssertProblemAsync(HttpStatusCode status, HttpResponseMessage response)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var text = await response.Content.ReadAsStringAsync();
        Assert.NotEmpty(JsonDocument.Parse(text).RootElement.GetProperty("detail").GetString()!);
        return text;
    }

    private static MultipartFormDataContent Form(string message) => new() { { new StringContent(message, Encoding.UTF8, "application/json"), "message" } };
}
