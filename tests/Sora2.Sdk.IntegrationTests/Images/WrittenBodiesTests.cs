using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Sora2.Sdk.IntegrationTests.Support;
using Sora2.Sdk.Platforms;

namespace Sora2.Sdk.IntegrationTests.Images;

/// <summary>
/// Any content of a body is read back from the wire unchanged. With SORA2_REQUESTS_TO set to a folder, the multipart requests are written
/// there for parsers in other languages: see eng/form-parsers.sh.
/// </summary>
public sealed class WrittenBodiesTests
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SORA2_REQUESTS_TO");

    private static readonly string[] Scraps =
    [
        "\r\n--", "--", "\r\n", "\n", "\r", "--Sora2SdkFormBoundary",
        "\r\n--Sora2SdkFormBoundary00000000000000000000000000000000--\r\n",
        "Content-Disposition: form-data; name=\"model\"\r\n\r\n",
        "小猫", "é", "🌊", "\uD83C", "\uDF0A", "\0", "\"", "'", "\\", ";", "=", "&", "%", "%22", "<", "\uFEFF", "\u2028", " ", "a", "Z", "9",
    ];

    private static readonly Gen<string> Texts = Gen.ArrayOf(Gen.Elements(Scraps)).Select(string.Concat);

    private static readonly Gen<string> PlainNames = Gen.Elements(
        "model", "prompt", "seconds", "size", "watermark", "private", "input_reference", "image");

    private static readonly Gen<string> OddNames =
        Gen.NonEmptyListOf(Gen.Elements(
            "model", "input_reference", "images[]", "a.b", "小猫", "🌊", "\"", "\r\n", ";", "=", " x", "-",
            "'", ":", ",", "?", "/", "(", "%"))
            .Select(string.Concat);

    private static readonly Gen<byte[]> Pictures =
        from picture in Gen.Elements(TinyImages.Png, TinyImages.Jpeg, TinyImages.Gif, TinyImages.WebP)
        from length in Gen.Frequency((5, Gen.Choose(0, 10)), (2, Gen.Choose(98_000, 98_400)), (1, Gen.Choose(0, 300_000)))
        from seed in Gen.Choose(0, int.MaxValue)
        from scraps in Texts
        select (byte[])[.. picture, .. Encoding.UTF8.GetBytes(scraps), .. RandomBytes(length, seed), .. Encoding.UTF8.GetBytes(scraps)];

    private static readonly Gen<List<Field>> Fields = Gen.OneOf(FieldsWith(PlainNames), FieldsWith(OddNames));

    [Fact]
    public void Form_is_read_back_as_written()
    {
        using var host = new RawHost();
        var wire = new WirePlatform();
        using var client = ClientOf(host, wire);
        var written = 0;
        Prop.ForAll(
            Arb.From(Fields.Resize(12)), fields => Check(fields).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(400));

        async Task Check(List<Field> fields)
        {
            var body = new MultipartBody();
            fields.ForEach(field => _ = field.Text is null ? body.Add(field.Name, field.Inputs) : body.Add(field.Name, field.Text));
            wire.Body = body;
            await client.Videos.CreateAsync(new VideoRequest("a") { Model = "any" }, TestContext.Current.CancellationToken);

            var (head, bytes) = host.Last;
            var expected = PartsOf(fields);
            var boundary = MediaTypeHeaderValue.Parse(RawHost.HeaderOf(head, "Content-Type")).Boundary.ToString();
            Assert.Equal(expected, await ReadPartsAsync(boundary, bytes), Part.Same);
            await AssertFormAsync(RawHost.HeaderOf(head, "Content-Type"), bytes, expected);
            Assert.Equal(expected.Count, Count(Encoding.Latin1.GetString(bytes), "--" + boundary + "\r\n"));
            await KeepAsync(written++, head, bytes, expected);
        }
    }

    [Fact]
    public void Json_body_is_read_back_as_written()
    {
        using var host = new RawHost();
        var wire = new WirePlatform();
        using var client = ClientOf(host, wire);
        Prop.ForAll(
            Arb.From(Fields.Resize(12)), fields => Check(fields).GetAwaiter().GetResult())
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200));

        async Task Check(List<Field> fields)
        {
            var body = new JsonBody();
            fields.ForEach(field => _ = field.Text is null ? body.Add(field.Name, field.Inputs) : body.Add(field.Name, field.Text));
            wire.Body = body;
            await client.Videos.CreateAsync(new VideoRequest("a") { Model = "any" }, TestContext.Current.CancellationToken);

            using var read = JsonDocument.Parse(host.Last.Body);
            foreach (var (field, property) in fields.Zip(read.RootElement.EnumerateObject(), (field, property) => (field, property)))
            {
                Assert.Equal(field.Name, property.Name);
                if (field.Text is not null)
                {
                    Assert.Equal(Whole(field.Text), property.Value.GetString());
                }
                else
                {
                    Assert.Equal(
                        field.Pictures.Select(Convert.ToBase64String),
                        property.Value.EnumerateArray().Select(image => image.GetString()!.Split(";base64,")[1]));
                }
            }

            Assert.Equal(fields.Count, read.RootElement.EnumerateObject().Count());
        }
    }

    private static Gen<List<Field>> FieldsWith(Gen<string> names) => Gen.NonEmptyListOf(Gen.OneOf(
        from name in names from text in Texts select new Field(name, text, []),
        from name in names
        from pictures in Gen.ArrayOf(Pictures).Resize(3)
        select new Field(name, null, pictures))).Select(fields => fields.DistinctBy(field => field.Name).ToList());

    private static async Task<List<Part>> ReadPartsAsync(string boundary, byte[] body)
    {
        var reader = new MultipartReader(boundary, new MemoryStream(body));
        var parts = new List<Part>();
        while (await reader.ReadNextSectionAsync() is { } section)
        {
            using var content = new MemoryStream();
            await section.Body.CopyToAsync(content);
            var disposition = section.GetContentDispositionHeader()!;
            Assert.False(disposition.FileNameStar.HasValue);
            parts.Add(new Part(
                HeaderUtilities.RemoveQuotes(disposition.Name).ToString(),
                HeaderUtilities.RemoveQuotes(disposition.FileName).Value,
                section.ContentType,
                content.ToArray()));
        }

        return parts;
    }

    /// <summary>The reader behind IFormCollection.</summary>
    private static async Task AssertFormAsync(string contentType, byte[] body, List<Part> expected)
    {
        var http = new DefaultHttpContext();
        http.Request.ContentType = contentType;
        http.Request.Body = new MemoryStream(body);
        var form = await new FormFeature(http.Request, new FormOptions()).ReadFormAsync();
        foreach (var field in expected.Where(part => part.FileName is null))
        {
            // Its text reader interprets a byte order mark at the beginning.
            Assert.Equal(Encoding.UTF8.GetString(field.Content).TrimStart('\uFEFF'), form[field.Name].Single()!.TrimStart('\uFEFF'));
        }

        Assert.Equal(expected.Where(part => part.FileName is not null), form.Files.Select(file =>
        {
            using var content = new MemoryStream();
            file.CopyTo(content);
            return new Part(file.Name, file.FileName, file.ContentType, content.ToArray());
        }), Part.Same);
    }

    private static async Task KeepAsync(int number, string head, byte[] body, List<Part> expected)
    {
        if (Folder is null)
        {
            return;
        }

        Directory.CreateDirectory(Folder);
        var path = Path.Combine(Folder, number.ToString("D4", CultureInfo.InvariantCulture));
        await File.WriteAllBytesAsync(path + ".request", [.. Encoding.Latin1.GetBytes(head), .. body]);
        await File.WriteAllTextAsync(
            path + ".json",
            new JsonArray([.. expected.Select(part => new JsonObject
            {
                ["Name"] = part.Name,
                ["FileName"] = part.FileName,
                ["ContentType"] = part.ContentType,
                ["Content"] = Convert.ToBase64String(part.Content),
            })]).ToJsonString());
    }

    private static List<Part> PartsOf(List<Field> fields)
    {
        var images = 0;
        return [.. fields.SelectMany(field => field.Text is not null
            ? [new Part(OnTheWire(field.Name), null, null, Encoding.UTF8.GetBytes(field.Text))]
            : field.Pictures.Select(picture =>
        {
            var kind = picture[0] switch { 0x89 => "png", 0xFF => "jpeg", (byte)'G' => "gif", _ => "webp" };
            return new Part(
                OnTheWire(field.Name),
                FormattableString.Invariant($"image-{++images}.{(kind == "jpeg" ? "jpg" : kind)}"),
                "image/" + kind,
                picture);
        }))];
    }

    /// <summary>Escapes a name as browsers do and servers see it.</summary>
    private static string OnTheWire(string name) =>
        name.Replace("\"", "%22", StringComparison.Ordinal)
            .Replace("\r", "%0D", StringComparison.Ordinal)
            .Replace("\n", "%0A", StringComparison.Ordinal);

    private static Sora2Client ClientOf(RawHost host, WirePlatform platform) =>
        Sora2Client.Create(platform, "test-key-wire", options => options.BaseAddress = host.Address);

    /// <summary>Replaces half a surrogate pair, which UTF-8 cannot encode, by U+FFFD.</summary>
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static byte[] RandomBytes(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private sealed record Field(string Name, string? Text, byte[][] Pictures)
    {
        /// <summary>The images in turn from memory, from a stream, and from a stream that cannot seek.</summary>
        public IReadOnlyList<ImageInput> Inputs => [.. Pictures.Select((picture, i) => i switch
        {
            0 => ImageInput.FromBytes(picture),
            1 => ImageInput.FromStream(new MemoryStream(picture)),
            _ => ImageInput.FromStream(new TricklingStream(picture)),
        })];
    }

    private sealed record Part(string Name, string? FileName, string? ContentType, byte[] Content)
    {
        public static bool Same(Part one, Part other) =>
            (one.Name, one.FileName, one.ContentType) == (other.Name, other.FileName, other.ContentType)
                && one.Content.AsSpan().SequenceEqual(other.Content);
    }

    private sealed class WirePlatform() : LikeJuxin("wire")
    {
        public ApiBody Body { get; set; } = new JsonBody();

        public override ApiRequest EncodeVideo(VideoRequest request) => ApiRequest.Post(CallKind.CreateVideo, "/upload", Body);
    }
}
