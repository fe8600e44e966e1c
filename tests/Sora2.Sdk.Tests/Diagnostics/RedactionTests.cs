namespace Sora2.Sdk.Tests.Diagnostics;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("nothing to hide: task sora-2:task_01k9 at 37.5%", "nothing to hide: task sora-2:task_01k9 at 37.5%")]
    [InlineData("see https://h.example/a/b.mp4, then go on", "see https://h.example/a/b.mp4, then go on")]
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
    [InlineData(@"{""url"":""https:\u002F\u002Fme:secret@h.example\u002Fa.png?sig=abc""}", @"{""url"":""https:\u002F\u002Fh.example\u002Fa.png?***""}")]
    [InlineData("at //cdn.example/a.png?X-Sig=abc or oss://bucket/a.png?X-Sig=abc", "at //cdn.example/a.png?*** or oss://bucket/a.png?***")]
    [InlineData("and/or // what? a@b.example", "and/or // what? a@b.example")]
    [InlineData(@"the image data:image/svg\u002Bxml;base64,PHN2ZyB4 is bad", @"the image data:image/svg\u002Bxml;base64,*** is bad")]
    [InlineData("the image data:image/png;base64,iVBORw0KGgo\r\niVBORw0KGgoiVBORw0KGgo\niVBORw0KGgoiVBORw0KGg==\nis bad", "the image data:image/png;base64,***\nis bad")]
    [InlineData("the image data:,hello is bad", "the image data:,*** is bad")]
    [InlineData("令牌sk-fake-key-0000的额度", "令牌sk-***的额度")]
    public void A_text_keeps_its_words_and_loses_its_secrets(string text, string expected) => Assert.Equal(expected, Redaction.Text(text));

    [Fact]
    public void An_image_without_its_prefix_is_hidden_as_well() =>
        Assert.Equal("bad image: ***.", Redaction.Text($"bad image: {Convert.ToBase64String(new byte[300])}."));

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
    public async Task A_long_hostile_text_takes_no_time(string part)
    {
        var text = string.Concat(Enumerable.Repeat(part, 2_000_000 / part.Length)) + new string('a', 2_000_000);

        // A minute: what is tried in every way would take hours.
        var shown = await Task.Run(() => Redaction.Text(text)).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.NotEmpty(shown);
        Assert.InRange(Redaction.Excerpt(text).Length, 1, 8200);
    }

    [Fact]
    public void An_address_without_a_host_loses_its_query_too() => Assert.Equal("/v/a.mp4", Redaction.WithoutQuery(new Uri("/v/a.mp4?sig=abc#x", UriKind.Relative)));

    [Fact]
    public void The_clients_own_key_is_hidden_whatever_it_looks_like() => Assert.Equal("key *** is wrong", Redaction.Text("key test-key-juxin is wrong", "test-key-juxin"));
}
