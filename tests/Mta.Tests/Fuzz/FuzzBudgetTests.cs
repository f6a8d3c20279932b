using MailSuite.Testing.Fuzz;

namespace MailSuite.Mta.Tests.Fuzz;

public sealed class FuzzBudgetTests
{
    [Theory]
    [InlineData("30s", 30)]
    [InlineData("10min", 600)]
    [InlineData("1h", 3600)]
    public void Reads_how_long(string text, int seconds) => Assert.Equal(TimeSpan.FromSeconds(seconds), FuzzBudget.ParseTime(text));

    [Theory]
    [InlineData("")]
    [InlineData("h")]
    [InlineData("1")]
    [InlineData("-1s")]
    [InlineData("1 year")]
    public void Refuses_what_is_no_time(string text) => Assert.Throws<FormatException>(() => FuzzBudget.ParseTime(text));

    [Fact]
    public void An_input_is_read_again_from_its_text()
    {
        var input = new FuzzInput(new FuzzStep([.. Enumerable.Range(0, 256).Select(i => (byte)i)], TimeSpan.Zero), new FuzzStep([], TimeSpan.FromMinutes(4)), new FuzzStep(" x \\ "u8.ToArray(), TimeSpan.Zero));
        var again = FuzzInput.Parse($"# target: x\n# complaint\n{input}\n");
        Assert.Equal(input.Octets, again.Octets);
        Assert.Equal(input.Steps.Select(step => (step.Octets.Length, step.Wait)), again.Steps.Select(step => (step.Octets.Length, step.Wait)));
    }
}
