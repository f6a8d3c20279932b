using CsCheck;
using MailSuite.Mda.Search.Sorting;

namespace MailSuite.Mda.Tests.Search.Sorting;

public sealed class BaseSubjectTests
{
    [Theory]
    [InlineData("HELLO", "HELLO", false)]
    [InlineData("RE: HELLO", "HELLO", true)]
    [InlineData("RE:HELLO", "HELLO", true)]
    [InlineData("RE : HELLO", "HELLO", true)]
    [InlineData("FW: RE: FWD: HELLO", "HELLO", true)]
    [InlineData("RE[2]: HELLO", "HELLO", true)]
    [InlineData("RE [LIST]: HELLO", "HELLO", true)]
    [InlineData("[LIST] HELLO", "HELLO", false)]
    [InlineData("[LIST] RE: HELLO", "HELLO", true)]
    [InlineData("[A][B] RE: [C] HELLO", "HELLO", true)]
    [InlineData("RE: [LIST] RE: HELLO (FWD)", "HELLO", true)]
    [InlineData("HELLO (FWD) (FWD)", "HELLO", true)]
    [InlineData("[FWD: HELLO]", "HELLO", true)]
    [InlineData("[FWD: RE: [FWD: HELLO (FWD)]]", "HELLO", true)]
    [InlineData("[LIST]", "[LIST]", false)]
    [InlineData("RE: [LIST]", "[LIST]", true)]
    [InlineData("[OPEN HELLO", "[OPEN HELLO", false)]
    [InlineData("REPORT: HELLO", "REPORT: HELLO", false)]
    [InlineData("FWDX: HELLO", "FWDX: HELLO", false)]
    [InlineData("RE:", "", true)]
    [InlineData("RE: RE:", "", true)]
    [InlineData("(FWD)", "", true)]
    [InlineData("", "", false)]
    public void Is_what_answering_and_forwarding_have_left(string subject, string expected, bool isReply) =>
        Assert.Equal(new BaseSubject(expected, isReply), BaseSubject.Of(subject));

    [Fact]
    public void Has_no_base_of_its_own_but_itself() =>
        Gen.OneOf("RE", "FWD", "FW", ":", " ", "[", "]", "(FWD)", "A", "[FWD:").Array[0, 12].Sample(parts =>
        {
            var once = BaseSubject.Of(string.Concat(parts));
            return BaseSubject.Of(once.Text) == once with { IsReply = false };
        });

    [Fact]
    public void Takes_no_longer_for_hostile_subjects() => Assert.NotNull(BaseSubject.Of(string.Concat(Enumerable.Repeat("[X", 500))).Text);
}
