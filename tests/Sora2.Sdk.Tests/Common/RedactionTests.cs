using System.Net;
using System.Text;
using System.Text.Json;
using Sora2.Sdk.Common;

namespace Sora2.Sdk.Tests.Common;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("nothing to hide: task sora-2:task_01k9 at 37.5%", "nothing to hide: task sora-2:task_01k9 at 37.5%")]
    [InlineData("see https://h.example/a/b.mp4, then continue", "see https://h.example/a/b.mp4, then continue")]
    [InlineData("cannot read https://h.example/a.png?X-Sig=abc&e=1 now", "cannot read https://h.example/a.png?*** now")]
    [InlineData("""{"url":"https:\/\/h.example\/a.png?sig=abc"}""", """{"url":"https:\/\/h.example\/a.png?***"}""")]
    [InlineData("at https://me:secret@h.example/a", "at https://h.example/a")]
    [InlineData("at HTTP://me:secret@h.example/a#part", "at HTTP://h.example/a?***")]
    [InlineData("the image data:image/png;base64,iVBORw0KGgo= is bad", "the image data:image/png;base64,*** is bad")]
    [InlineData("""{"image":"data:image\/png;base64,iVBORw0KGgo\/AAAB","n":1}""", """{"image":"data:image\/png;base64,***","n":1}""")]
    [InlineData("cannot read https://h.example/it's.png?X-Sig=abc&e=1 now", "cannot read https://h.example/it's.png?*** now")]
    [InlineData("cannot read https://h.example/a?name='x'&X-Sig=abc now", "cannot read https://h.example/a?*** now")]
    [InlineData("at https://me@corp:secret@h.example/a", "at https://h.example/a")]
    [InlineData(@"{\""url\"":\""https:\\/\\/h.example\\/a.png?sig=abc\""}", @"{\""url\"":\""https:\\/\\/h.example\\/a.png?***""}")]
    [InlineData(
        @"{""url"":""https:\u002F\u002Fme:secret@h.example\u002Fa.png?sig=abc""}",
        @"{""url"":""https:\u002F\u002Fh.example\u002Fa.png?***""}")]
    [InlineData("at //cdn.example/a.png?X-Sig=abc or oss://bucket/a.png?X-Sig=abc", "at //cdn.example/a.png?*** or oss://bucket/a.png?***")]
    [InlineData("and/or // what? a@b.example", "and/or // what? a@b.example")]
    [InlineData(@"the image data:image/svg\u002Bxml;base64,PHN2ZyB4 is bad", @"the image data:image/svg\u002Bxml;base64,*** is bad")]
    [InlineData(
        "the image data:image/png;base64,iVBORw0KGgo\r\niVBORw0KGgoiVBORw0KGgo\niVBORw0KGgoiVBORw0KGg==\nis bad",
        "the image data:image/png;base64,***\nis bad")]
    [InlineData("the image data:,hello is bad", "the image data:,*** is bad")]
    [InlineData("令牌sk-fake-key-0000的额度", "令牌sk-***的额度")]
    public void Secrets_are_redacted_and_other_words_are_kept(string text, string expected) =>
        Assert.Equal(expected, Redaction.Redact(text));

    [Fact]
    public void Image_without_its_prefix_is_redacted() =>
        Assert.Equal("bad image: ***.", Redaction.Redact($"bad image: {Convert.ToBase64String(new byte[300])}."));

    [Theory]
    [InlineData("data:")]
    [InlineData("data:a/")]
    [InlineData("a")]
    [InlineData("http://")]
    [InlineData("https://a@")]
    [InlineData("sk-")]
    [InlineData("data:;")]
    [InlineData("/")]
    [InlineData("\\")]
    [InlineData("\\/")]
    [InlineData("//@")]
    [InlineData("//'?")]
    [InlineData("\\u002f")]
    [InlineData("data:/\\u002b")]
    [InlineData("data:,aaaa\n")]
    public async Task Long_hostile_text_takes_linear_time(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 2_000_000 / part.Length)) + new string('a', 2_000_000);

        // Backtracking would take hours.
        var shown = await Task.Run(() => Redaction.Redact(text))
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.NotEmpty(shown);
        Assert.InRange(Redaction.Excerpt(text).Length, 1, 8200);
    }

    [Fact]
    public void Relative_url_loses_its_query() =>
        Assert.Equal("/v/a.mp4", Redaction.WithoutQuery(new Uri("/v/a.mp4?sig=abc#x", UriKind.Relative)));

    public static TheoryData<string, string, string> EchoesOf(string key)
    {
        var bearer = Encoding.UTF8.GetBytes("Bearer " + key);
        var html = string.Concat(key.Select((letter, i) => i % 2 == 0 ? $"&#{(int)letter};" : $"&#x{(int)letter:X};"));
        var percent = string.Concat(key.Select(letter => $"%{(int)letter:x2}"));
        var json = string.Concat(key.Select(letter => $"\\u{(int)letter:X4}"));
        return new()
        {
            { key, "as it is", key },
            { key, "upper case", key.ToUpperInvariant() },
            { key, "lower case", key.ToLowerInvariant() },
            { key, "slashes escaped", key.Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002B", StringComparison.Ordinal) },
            { key, "every letter escaped", json },
            { key, "escaped twice", json.Replace("\\", "\\\\", StringComparison.Ordinal) },
            { key, "escaped by System.Text.Json", JsonEncodedText.Encode(key).ToString() },
            { key, "percent", Uri.EscapeDataString(key) },
            { key, "percent twice", Uri.EscapeDataString(Uri.EscapeDataString(key)) },
            { key, "percent, every letter", percent },
            { key, "percent in JSON", percent.Replace("%", "\\u0025", StringComparison.Ordinal) },
            { key, "HTML", WebUtility.HtmlEncode(key) },
            { key, "HTML, every letter", html },
            { key, "HTML twice", WebUtility.HtmlEncode(html) },
            { key, "base64", Convert.ToBase64String(Encoding.UTF8.GetBytes(key)) },
            { key, "base64 of the header", Convert.ToBase64String(bearer) },
            { key, "base64 of user and password", Convert.ToBase64String(Encoding.UTF8.GetBytes("xx:" + key)) },
            { key, "base64 for addresses", Convert.ToBase64String(bearer).Replace('+', '-').Replace('/', '_').TrimEnd('=') },
            { key, "base64 in JSON", Convert.ToBase64String(bearer).Replace("/", "\\/", StringComparison.Ordinal) },
            { key, "base64 in an address", Uri.EscapeDataString(Convert.ToBase64String(bearer)) },
            { key, "hexadecimal", Convert.ToHexString(Encoding.UTF8.GetBytes(key)).ToLowerInvariant() },
        };
    }

    [Theory]
    [MemberData(nameof(EchoesOf), "fake+key/with~every-kind?of=sign&more>0")]
    [MemberData(nameof(EchoesOf), "FAKEKEY0123456789abcdefghijklmnopqrstuvwxyzFAKE")]
    [MemberData(nameof(EchoesOf), "test-key/+1")]
    public void Key_is_redacted_in_every_encoding(string key, string form, string echo)
    {
        var shown = Redaction.Mask($"before {echo} after", key);

        Assert.True(shown.StartsWith("before ", StringComparison.Ordinal), $"{form}: {shown}");
        Assert.True(shown.EndsWith(" after", StringComparison.Ordinal), $"{form}: {shown}");
        Assert.True(shown.Length <= "before *** after".Length + 20, $"{form}: {shown}"); // Some of "Bearer" or a user in base64 remains.
        Assert.DoesNotContain(echo, shown, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("FAKEKEY0")]
    [InlineData("FAKEKEY0123456")]
    [InlineData("wxyzFAKE")]
    [InlineData("opqrstuvwxyzfake")]
    [InlineData("fakekey012345678")]
    public void Part_of_a_long_key_is_redacted(string part) =>
        Assert.Equal("key *** is wrong", Redaction.Mask($"key {part} is wrong", "FAKEKEY0123456789abcdefghijklmnopqrstuvwxyzFAKE"));

    [Theory]
    [InlineData("test-key", "test-key-juxin")]
    [InlineData("FAKEKEY", "FAKEKEY0123456789abcdefghijklmnopqrstuvwxyzFAKE")]
    [InlineData("A word of 50% and more & so on; C:\\users \\u12 %zz &nope; &", "FAKEKEY0123456789abcdefghijklmnopqrstuvwxyzFAKE")]
    public void Text_without_the_key_is_unchanged(string text, string key) => Assert.Equal(text, Redaction.Mask(text, key));

    [Theory]
    [InlineData("FAKEKEY0")]
    [InlineData("\\u0046")]
    [InlineData("\\")]
    [InlineData("\\\\u0046")]
    [InlineData("%25")]
    [InlineData("%")]
    [InlineData("%46")]
    [InlineData("&amp;")]
    [InlineData("&")]
    [InlineData("&#70;")]
    [InlineData("\\u0025")]
    public async Task Long_text_of_the_keys_characters_takes_linear_time(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 4_000_000 / part.Length));

        // Backtracking would take hours.
        var shown = await Task.Run(() => Redaction.Mask(text, "FAKEKEY0123456789abcdefghijklmnopqrstuvwxyzFAKE"))
            .WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.NotEmpty(shown);
    }

    [Fact]
    public void Body_without_the_key_is_still_JSON()
    {
        const string Key = "FAKEKEY0123456789abcdefghijklmnopqrstuvwxyzFAKE";
        var body = Encoding.UTF8.GetBytes($$"""{"id":"任务","model":"{{Key}}","echo":"\u0046{{Key[1..]}}"}""");

        Assert.Equal("""{"id":"任务","model":"***","echo":"***"}""", Encoding.UTF8.GetString(Redaction.Mask(body, Key).Span));
        Assert.Equal(
            """{"id":1234567890123}""",
            Encoding.UTF8.GetString(Redaction.Mask("""{"id":1234567890123}"""u8.ToArray(), "1234567890123").Span));
        Assert.Equal("""{"task_id":"x"}""", Encoding.UTF8.GetString(Redaction.Mask("""{"task_id":"x"}"""u8.ToArray(), "task").Span));
    }

    [Theory]
    [InlineData(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.FAKEPAYLOADFAKEPAYLOADFAKEPAYLOADFAKEPAYLOAD.FAKESIGNATUREFAKESIGNATURE",
        """{"url":"https://cdn.example.com/v.mp4?token=eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.OTHER.CODE"}""")]
    [InlineData("zhenzhen-live-FAKE0123456789", """{"id":"zhenzhen-task-77","url":"https://cdn.zhenzhen.example/v.mp4"}""")]
    public void Id_or_link_with_the_prefix_of_the_key_is_unchanged(string key, string body) =>
        Assert.Equal(body, Encoding.UTF8.GetString(Redaction.Mask(Encoding.UTF8.GetBytes(body), key).Span));

    [Fact]
    public void Given_key_of_any_form_is_redacted() =>
        Assert.Equal("key *** is wrong", Redaction.Redact("key test-key-juxin is wrong", "test-key-juxin"));
}
