using MailSuite.Host.Running;
using MailSuite.Suite.Tests.Support;

namespace MailSuite.Suite.Tests.Running;

public sealed class BannerTests
{
    [Fact]
    public async Task Its_columns_fit_and_begin_at_one_place()
    {
        await using var suite = await ProgramUnderTest.DevelopmentAsync();

        var lines = Banner.For(suite.Program).Split('\n');
        var words = new[] { "takes mail for every address", "sign in as any address" };
        var columns = words.Select(text => Assert.Single(lines, line => line.Contains(text, StringComparison.Ordinal)) is var line ? (line, At: line.IndexOf(text, StringComparison.Ordinal)) : default).ToList();

        Assert.Single(columns.Select(column => column.At).Distinct());
        Assert.All(columns, column => Assert.Equal("  ", column.line[(column.At - 2)..column.At]));
    }
}
