using CsCheck;
using MailSuite.Mua.Reading;

namespace MailSuite.Mua.Tests.Reading;

public sealed class AttachmentNameTests
{
    [Theory]
    [InlineData("report.pdf", "report.pdf")]
    [InlineData("Überblick 2026.pdf", "Überblick 2026.pdf")]
    [InlineData("../../etc/passwd", "_.._etc_passwd")]
    [InlineData("C:\\Windows\\evil.exe", "C__Windows_evil.exe")]
    [InlineData("photo\u202Egpj.exe", "photogpj.exe")]
    [InlineData("a\r\nContent-Type: x.html", "aContent-Type_ x.html")]
    [InlineData("nul.txt", "_nul.txt")]
    [InlineData("COM1", "_COM1")]
    [InlineData(".bashrc", "bashrc")]
    [InlineData("name. . .", "name")]
    [InlineData("a<b>c|d?e*f\"g", "a_b_c_d_e_f_g")]
    public void Is_safe_to_save(string declared, string name) => Assert.Equal(name, AttachmentName.Clean(declared));

    [Theory]
    [InlineData("")]
    [InlineData("...")]
    [InlineData("///")]
    [InlineData("\u200B\u202E")]
    public void Is_another_when_nothing_is_left(string declared) => Assert.Null(AttachmentName.Clean(declared));

    [Fact]
    public void Keeps_its_extension_when_it_is_cut()
    {
        var name = AttachmentName.Clean(new string('x', 500) + ".pdf")!;
        Assert.Equal(ReadingLimits.MaxNameCharacters, name.Length);
        Assert.EndsWith(".pdf", name, StringComparison.Ordinal);
    }

    [Fact]
    public void Is_always_one_file_in_one_directory() => Gen.String.Sample(declared =>
        AttachmentName.Clean(declared) is not { } name
            || (name.Length is > 0 and <= ReadingLimits.MaxNameCharacters + 1 && name.IndexOfAny(['/', '\\', ':', '\0', '\r', '\n']) < 0 && name[0] != '.'));
}
