using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using FsCheck;
using FsCheck.Fluent;
using Sora2.Sdk.Display;

namespace Sora2.Sdk.Tests.Display;

/// <summary>The HTML that LINQPad and notebooks show. Texts of a platform are not trusted.</summary>
public sealed partial class ResultCardTests
{
    private static readonly HashSet<string> Harmless = ["div", "span", "code", "video", "img", "a", "table", "tbody", "tr", "td"];

    private static readonly HashSet<string> Words =
    [
        "style", "role", "aria-valuenow", "controls", "preload", "alt", "referrerpolicy", "target", "rel",
    ];

    private static readonly HashSet<string> Addresses = ["src", "href", "poster"];

    public static TheoryData<Type> Types =>
    [
        .. typeof(Sora2Client).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.GetMethod("ToDump", Everything) is not null),
    ];

    private const BindingFlags Everything = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Running_task_shows_its_progress()
    {
        var html = Parse(Task() with
        {
            Status = VideoTaskStatus.InProgress,
            Progress = 37.5,
            ThumbnailUrl = new Uri("https://m.example/t.jpg?X-Sig=fakesignature"),
        });

        var bar = Bars(html).Single();
        Assert.Equal("37.5", (string?)bar.Attribute("aria-valuenow"));
        Assert.Contains("width:37.5%;", (string?)bar.Elements().Single().Attribute("style"), StringComparison.Ordinal);
        Assert.Equal("https://m.example/t.jpg?X-Sig=fakesignature", (string?)html.Descendants("img").Single().Attribute("src"));
        Assert.Empty(html.Descendants("video"));
        Assert.Contains("37.5 %", html.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Running_task_without_progress_shows_its_raw_status_and_no_bar()
    {
        var html = Parse(Task() with { Status = VideoTaskStatus.InProgress, RawStatus = "queued" });

        Assert.Empty(Bars(html));
        Assert.Contains("queued", html.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Finished_task_plays_its_signed_link_and_shows_it_without_the_signature()
    {
        var html = Parse(Task() with
        {
            Status = VideoTaskStatus.Succeeded,
            Progress = 100,
            VideoUrl = new Uri("https://m.example/v.mp4?X-Sig=fakesignature&e=1"),
            ThumbnailUrl = new Uri("https://m.example/t.jpg"),
            CreatedAt = DateTimeOffset.UnixEpoch,
            CompletedAt = DateTimeOffset.UnixEpoch.AddSeconds(272),
        });

        var video = html.Descendants("video").Single();
        Assert.Equal(
            ("https://m.example/v.mp4?X-Sig=fakesignature&e=1", "https://m.example/t.jpg"),
            ((string?)video.Attribute("src"), (string?)video.Attribute("poster")));
        Assert.NotNull(video.Attribute("controls"));
        Assert.Null(video.Attribute("autoplay"));
        Assert.Equal(
            ["https://m.example/v.mp4?X-Sig=fakesignature&e=1", "https://m.example/t.jpg"],
            html.Descendants("a").Select(link => (string?)link.Attribute("href")));
        Assert.Contains("https://m.example/v.mp4", html.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("fakesignature", html.Value, StringComparison.Ordinal);
        Assert.Contains("took 00:04:32", html.Value, StringComparison.Ordinal);
        Assert.Empty(Bars(html));
    }

    [Fact]
    public void Failed_task_shows_the_reason()
    {
        var html = Parse(Task() with { Status = VideoTaskStatus.Failed, FailureReason = "违反了\n相关服务政策 <b>" });

        Assert.Contains("违反了 相关服务政策 <b>", html.Value, StringComparison.Ordinal);
        Assert.Empty(html.Descendants("video"));
        Assert.Empty(Bars(html));
    }

    [Fact]
    public void Downloaded_file_plays_from_the_disk()
    {
        var path = Path.Combine(Path.GetTempPath(), "a #1 ?100% 猫.mp4");

        var html = Parse(new DownloadedVideo { TaskId = "video_1", Path = path, Length = 2_700_000, ContentType = "video/mp4" });

        var address = new Uri((string)html.Descendants("video").Single().Attribute("src")!);
        Assert.Equal((true, path, ""), (address.IsFile, address.LocalPath, address.Query + address.Fragment));
        Assert.Contains("2.7 MB", html.Value, StringComparison.Ordinal);
        Assert.Contains(path, html.Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("v.mp4")]
    [InlineData("javascript:alert(1)")]
    [InlineData("https://m.example/v.mp4")]
    public void Path_that_is_not_fully_qualified_is_not_a_link(string? path)
    {
        var html = Parse(new DownloadedVideo { TaskId = "video_1", Path = path, Length = 1 });

        Assert.Empty(html.Descendants("video"));
        Assert.Empty(html.Descendants("a"));
    }

    [Fact]
    public void Character_shows_its_picture_mention_and_page()
    {
        var character = new Character
        {
            Id = "ch_1",
            Username = "ebfb9a758.sunnykitte",
            DisplayName = "Sunny",
            Permalink = new Uri("https://sora.example/ebfb9a758"),
            ProfilePictureUrl = new Uri("https://m.example/p.jpg?X-Sig=fakesignature"),
        };

        var html = Parse(character);

        Assert.Equal("@ebfb9a758.sunnykitte", html.Descendants("code").Single().Value);
        Assert.Equal("https://sora.example/ebfb9a758", (string?)html.Descendants("a").Single().Attribute("href"));
        Assert.Equal("https://m.example/p.jpg?X-Sig=fakesignature", (string?)html.Descendants("img").Single().Attribute("src"));
        Assert.Contains("Sunny", html.Value, StringComparison.Ordinal);
        Assert.Contains("阳光小猫", Parse(new LibraryCharacter { Username = "u.n", Alias = "阳光小猫" }).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Batch_item_shows_its_state_its_error_and_whether_it_was_charged()
    {
        var item = new BatchItem
        {
            Index = 3,
            Request = new VideoRequest("A corgi") { Key = "k" },
            State = BatchItemState.Failed,
            Error = new Sora2ValidationException("12 s is no length"),
        };

        var html = Parse(item);

        Assert.All(
            ["Failed", "#3 k", "\"A corgi\"", "12 s is no length", "It was not charged."],
            words => Assert.Contains(words, html.Value, StringComparison.Ordinal));
        Assert.Contains(
            "Downloaded",
            Parse(item with { Error = null, VideoTask = Task(), Video = new DownloadedVideo { TaskId = "t", Length = 1 } }).Value,
            StringComparison.Ordinal);
        Assert.Contains("video_1", Parse(item with { Error = null, VideoTask = Task() }).Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Storyboard_is_a_table_of_its_shots()
    {
        var html = Parse(new StoryboardBuilder()
            .AddShot("An eagle", TimeSpan.FromSeconds(4), ImageInput.FromFile("a.png"))
            .AddShot("It circles", TimeSpan.FromSeconds(3.5))
            .Build());

        Assert.Equal(
            [["1", "4 s", "An eagle (1 image)"], ["2", "3.5 s", "It circles"]],
            html.Descendants("tr").Select(row => row.Elements("td").Select(cell => cell.Value).ToArray()));
        Assert.Contains("2 shots, 7.5 s", html.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_of_a_platform_is_inert() => Prop.ForAll(Hostile(), Hostile(), (one, other) =>
    {
        var address = Uri.TryCreate(other, UriKind.RelativeOrAbsolute, out var any) ? any : null;
        var task = new VideoTask
        {
            PlatformName = one,
            ClientName = other,
            Id = other,
            Status = VideoTaskStatus.Failed,
            RawStatus = one,
            FailureReason = one + other,
            Model = one,
            VideoUrl = address,
            ThumbnailUrl = address,
        };
        object[] values =
        [
            task,
            task with { Status = VideoTaskStatus.InProgress },
            new Character { Id = one, Username = other, DisplayName = one, Permalink = address, ProfilePictureUrl = address },
            new LibraryCharacter { Username = one, Alias = other, Permalink = address, ProfilePictureUrl = address },
            new DownloadedVideo { TaskId = one, Path = other, ContentType = one, Sha256 = other, Length = 1 },
            new BatchItem
            {
                Index = 0,
                Request = new VideoRequest(other) { Key = one },
                Handle = one,
                Error = new InvalidOperationException(other),
            },
            new StoryboardBuilder().AddShot(one, TimeSpan.Zero).AddShot(other, TimeSpan.MaxValue).Build(),
        ];
        return values.All(value => IsInert(value, ResultCard.Format(value)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));

    [Fact]
    public void Path_that_gives_no_valid_address_is_shown_as_text()
    {
        // Found by the property above.
        var video = new DownloadedVideo
        {
            TaskId = "t",
            Path = "/X:<w\u0019:\u0007-\r584HDx@[xfile:///etc/passwdvbscript:x9{{7*7}}",
            Length = 1,
        };

        Assert.True(IsInert(video, ResultCard.Format(video)));
    }

    [Theory]
    [MemberData(nameof(Types), DisableDiscoveryEnumeration = true)]
    public void No_card_shows_a_secret(Type type)
    {
        var value = FakeSecrets.Make(type)!;

        var html = ResultCard.Format(value);

        Assert.True(IsInert(value, html), html);
        var shown = XElement.Parse(html).Value;
        Assert.All(FakeSecrets.All, secret => Assert.DoesNotContain(secret, shown, StringComparison.Ordinal));
        Assert.DoesNotContain("test-key-juxin", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_type_with_a_card_shows_it_in_LINQPad_and_in_notebooks()
    {
        Assert.Equal(
            ["BatchItem", "Character", "DownloadedVideo", "LibraryCharacter", "Sora2ClientOptions", "Storyboard", "VideoTask"],
            Types.Select(row => row.Data.Name).Order(StringComparer.Ordinal));
        Assert.All(
            Types,
            row => Assert.Contains(
                row.Data.GetCustomAttributes(inherit: true), attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute"));
        Assert.NotNull(ImageInput.FromFile("a.png").GetType().GetMethod("ToDump", Everything));
    }

    [Fact]
    public void Dump_outside_of_LINQPad_is_the_text() =>
        Assert.Equal(Task().ToString(), typeof(VideoTask).GetMethod("ToDump", Everything)!.Invoke(Task(), []));

    /// <summary>Finds them as .NET Interactive does: the attribute by its name, and everything else by the names of its members.</summary>
    [Theory]
    [InlineData("text/html", "<div")]
    [InlineData("text/plain", "video_1 on juxin: NotStarted")]
    public void Notebook_finds_the_formats_by_their_names(string mimeType, string beginning)
    {
        var attribute = typeof(VideoTask)
            .GetCustomAttributes(inherit: true)
            .Single(attribute => attribute.GetType().Name == "TypeFormatterSourceAttribute");
        var source = Activator.CreateInstance(Get<Type>(attribute, "FormatterSourceType"))!;
        var formats = (IEnumerable<object>)source.GetType().GetMethod("CreateTypeFormatters")!.Invoke(source, [])!;
        var format = formats.Single(format => Get<string>(format, "MimeType") == mimeType);
        using var writer = new StringWriter();

        Assert.Equal(true, format.GetType().GetMethod("Format", [typeof(object), typeof(TextWriter)])!.Invoke(format, [Task(), writer]));

        Assert.StartsWith(beginning, writer.ToString(), StringComparison.Ordinal);
        Assert.Equal(["text/html"], Get<string[]>(attribute, "PreferredMimeTypes"));

        static T Get<T>(object of, string property) => (T)of.GetType().GetProperty(property)!.GetValue(of)!;
    }

    private static IEnumerable<XElement> Bars(XElement html) =>
        html.Descendants().Where(element => (string?)element.Attribute("role") == "progressbar");

    private static VideoTask Task() => new() { PlatformName = "juxin", Id = "video_1", Status = VideoTaskStatus.NotStarted };

    private static XElement Parse(object value)
    {
        var html = ResultCard.Format(value);
        Assert.True(IsInert(value, html), html);
        return XElement.Parse(html, LoadOptions.PreserveWhitespace);
    }

    /// <summary>Well-formed, read by HTML as by XML, and with nothing that runs; only a downloaded video is a file.</summary>
    private static bool IsInert(object value, string html)
    {
        return !OpenForHtml().IsMatch(html) && XElement.Parse(html).DescendantsAndSelf().All(element =>
            Harmless.Contains(element.Name.ToString()) && element.Attributes().All(IsHarmless));

        bool IsHarmless(XAttribute attribute)
        {
            var name = attribute.Name.ToString();
            return Words.Contains(name)
                || (Addresses.Contains(name)
                    && Uri.TryCreate(attribute.Value, UriKind.Absolute, out var address)
                    && (value is DownloadedVideo ? address.IsFile : address.Scheme is "http" or "https"));
        }
    }

    /// <summary>Texts out of pieces that break pages, and any others.</summary>
    private static Arbitrary<string> Hostile()
    {
        string[] pieces =
        [
            "<script>alert(1)</script>", "\"", "'", "<", ">", "&", "&#106;avascript:alert(1)", "javascript:alert(1)",
            "JaVaScRiPt:alert(1)", "\" onerror=\"alert(1)", "https://h.example/", "https://h.example/\"onload=alert(1)",
            "data:text/html,<script>alert(1)</script>", "vbscript:x", "file:///etc/passwd", "//h.example/x", "\0", "\u001b]8;;",
            "\ud800", "\uffff", "]]>", "<!--", "-->", "<![CDATA[", "\r\n", "/tmp/v.mp4", "小猫", "?X-Sig=fakesignature", "{{7*7}}",
        ];
        var piece = Gen.OneOf(Gen.Elements(pieces), ArbMap.Default.GeneratorFor<string>().Select(text => text ?? ""));
        return Gen.ListOf(piece).Select(texts => string.Concat(texts.Take(6))).ToArbitrary();
    }

    [GeneratedRegex("<(?!img )[a-z]+[^<>]*/>")]
    private static partial Regex OpenForHtml();
}
