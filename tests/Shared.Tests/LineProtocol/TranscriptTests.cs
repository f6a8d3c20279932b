using MailSuite.Shared.LineProtocol;

namespace MailSuite.Shared.Tests.LineProtocol;

public sealed class TranscriptTests
{
    [Theory]
    [InlineData("AUTH PLAIN AGFubgBzZWNyZXQ=", "AUTH PLAIN ****")]
    [InlineData("auth plain AGFubgBzZWNyZXQ=", "AUTH plain ****")]
    [InlineData("  AUTH   LOGIN   YW5u trailing", "AUTH LOGIN ****")]
    [InlineData("AUTH LOGIN", "AUTH LOGIN")]
    [InlineData("NOOP AUTH PLAIN x", "NOOP AUTH PLAIN x")]
    public void Masks_what_AUTH_carries(string line, string shown)
    {
        var transcript = new Transcript(TimeProvider.System);
        transcript.Client(line);
        Assert.Equal("C: " + shown, transcript.ToList()[0].ToString());
    }

    [Fact]
    public void Keeps_so_many_lines_and_says_how_many_are_left_out()
    {
        var transcript = new Transcript(TimeProvider.System, maxLines: 2);
        for (var i = 0; i < 5; i++)
            transcript.Server($"250 {i}");
        Assert.Equal(["S: 250 0", "S: 250 1", "S: (3 more lines)"], transcript.ToList().Select(l => l.ToString()));
    }

    [Fact]
    public void Cuts_a_line_that_is_too_long()
    {
        var transcript = new Transcript(TimeProvider.System);
        transcript.Client(new string('x', Transcript.MaxLineCharacters + 1));
        Assert.Equal(Transcript.MaxLineCharacters + 1, transcript.ToList()[0].Text.Length); // the limit and the ellipsis
    }

    [Fact]
    public void Begins_the_next_transaction_after_what_came_before_the_first()
    {
        var transcript = new Transcript(TimeProvider.System);
        transcript.Server("220 hello");
        var preamble = transcript.Count;
        transcript.Client("MAIL FROM:<a@example.org>");
        transcript.CutTo(preamble);
        transcript.Client("MAIL FROM:<b@example.org>");
        Assert.Equal(["S: 220 hello", "C: MAIL FROM:<b@example.org>"], transcript.ToList().Select(l => l.ToString()));
    }

    [Fact]
    public void Keeps_a_reply_of_several_lines_whole_or_as_far_as_there_is_room()
    {
        var transcript = new Transcript(TimeProvider.System, maxLines: 5);
        transcript.Client("EHLO a");
        transcript.Server(["250-one", "250-two", "250 three"]);
        Assert.Equal(4, transcript.Count);
        transcript.Server(["250-four", "250 five"]);
        Assert.Equal(["C: EHLO a", "S: 250-one", "S: 250-two", "S: 250 three", "S: 250-four", "S: (1 more lines)"], transcript.ToList().Select(l => l.ToString()));
        transcript.CutTo(1);
        Assert.Equal(["C: EHLO a"], transcript.ToList().Select(l => l.ToString()));
        Assert.Equal(1, transcript.Count);
    }
}
