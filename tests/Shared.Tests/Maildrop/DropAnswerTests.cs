using CsCheck;
using MailSuite.Shared.Addressing;
using MailSuite.Shared.Contracts.Mta;
using MailSuite.Shared.Maildrop;
using MailSuite.Shared.Status;

namespace MailSuite.Shared.Tests.Maildrop;

public sealed class DropAnswerTests
{
    public static TheoryData<string> Answers =>
    [
        "accepted 1M864WF3GCGN4TCB\n",
        "refused 5.1.1 No such mailbox here\nbob@example.org\neve@example.org\n",
        "refused 5.3.4 Too large\n",
        "deferred 4.3.1 Not enough storage here for now\n",
    ];

    [Theory, MemberData(nameof(Answers))]
    public void Is_read_as_it_was_written(string text)
    {
        Assert.True(DropAnswer.TryParse(text, out var outcome));
        Assert.Equal(text, DropAnswer.Of(outcome));
    }

    [Fact]
    public void A_reason_of_several_lines_stays_one()
    {
        var text = DropAnswer.Of(new SubmissionOutcome.Refused(StatusCodes.NotAuthorized, "one\r\ntwo", [EnvelopeAddress.Parse("bob@example.org")]));
        Assert.Equal("refused 5.7.1 one two\nbob@example.org\n", text);
    }

    [Theory]
    [InlineData("")]
    [InlineData("accepted")]
    [InlineData("accepted 1M864WF3GCGN4TCB")]
    [InlineData("refused\n")]
    [InlineData("refused 5.1.1\n")]
    [InlineData("refused never mind\n")]
    [InlineData("deferred 4.3.1 later\nbob@example.org\n")]
    [InlineData("refused 5.1.1 no\nbob\n")]
    [InlineData("perhaps 4.3.1 later\n")]
    public void Half_an_answer_is_none(string text) => Assert.False(DropAnswer.TryParse(text, out _));

    [Fact]
    public void Anything_may_be_tried_as_one() => Gen.String.Sample(text => { _ = DropAnswer.TryParse(text, out _); });
}
