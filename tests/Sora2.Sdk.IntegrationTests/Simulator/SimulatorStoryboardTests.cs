using System.Net.Http.Headers;
using Sora2.Sdk.Simulator;

namespace Sora2.Sdk.IntegrationTests.Simulator;

public sealed class SimulatorStoryboardTests : SimulatorHttpTest
{
    [Fact]
    public async Task Juxin_accepts_a_form_with_images()
    {
        using var form = Storyboard(Shots("5sec", "5sec"));
        var image = new ByteArrayContent(Png);
        image.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        form.Add(image, "input_reference", "cat.png");

        var reply = await PostFormAsync(form);

        Assert.Equal(200, reply.Status);
        var request = Assert.Single(Simulator.Ledger.Requests);
        Assert.Equal((SimulatorOperation.CreateStoryboard, true, reply.TaskId), (request.Operation, request.WasBilled, request.TaskId));
        Assert.Equal(["model", "prompt", "seconds", "size", "watermark", "private", "input_reference"], request.FormPartNames);
        Assert.Equal("10", Assert.Single(request.FormFields["seconds"]));
        var file = Assert.Single(request.FormFiles);
        Assert.Equal(("input_reference", "cat.png", "image/png"), (file.Name, file.FileName, file.ContentType));
        Assert.Equal(Png, file.Content.ToArray());
        Assert.Contains("form-data", file.Headers["content-disposition"], StringComparison.Ordinal);
        Assert.Null(request.Json);
    }

    [Fact]
    public async Task Juxin_refuses_json_for_a_storyboard()
    {
        var reply = await PostAsync("juxin", "/v1/videos", """{"model":"sora-2-all","prompt":"x"}""");

        Assert.Equal((400, "body"), (reply.Status, reply.ErrorField));
    }

    [Fact]
    public async Task Incomplete_form_is_refused()
    {
        using var content = new StringContent("--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nsora-2");
        content.Headers.ContentType = MediaTypeHeaderValue.Parse("multipart/form-data; boundary=b");

        var reply = await SendAsync(HttpMethod.Post, Route, content, Simulator.ApiKey);

        Assert.Equal((400, "body"), (reply.Status, reply.ErrorField));
    }

    [Theory]
    [InlineData("20", "16x9", "seconds")]
    [InlineData("10.5", "16x9", "seconds")]
    [InlineData("10", "16:9", "size")]
    public async Task Juxin_refuses_an_invalid_part_by_name(string seconds, string size, string field)
    {
        using var form = Storyboard(Shots("5sec", "5sec"), seconds, size);

        var reply = await PostFormAsync(form);

        Assert.Equal((400, field), (reply.Status, reply.ErrorField));
    }

    [Fact]
    public async Task Juxin_accepts_images_as_files_only()
    {
        using var form = Storyboard(Shots("5sec"));
        form.Add(new StringContent("https://example.com/a.png"), "input_reference");

        Assert.Equal("input_reference", (await PostFormAsync(form)).ErrorField);
    }

    [Theory]
    [InlineData("input_reference", "input_reference")]
    [InlineData("input_reference[]", "input_reference[]")]
    public async Task File_that_is_not_an_image_or_has_another_name_is_refused(string name, string field)
    {
        using var form = Storyboard(Shots("5sec"));
        form.Add(new ByteArrayContent("plain text"u8.ToArray()), name, "cat.png");

        var reply = await PostFormAsync(form);

        Assert.Equal((400, field), (reply.Status, reply.ErrorField));
        Assert.Equal(0, Simulator.Ledger.BilledCreates);
    }

    [Fact]
    public async Task Unknown_model_in_a_form_gets_the_no_channel_error()
    {
        using var form = Storyboard(Shots("5sec"), model: "sora-2");

        var reply = await PostFormAsync(form);

        Assert.Equal(503, reply.Status);
        Assert.Contains("模型 sora-2 无可用渠道", reply.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Juxin_makes_ten_seconds_by_default()
    {
        using var form = Storyboard(Shots("5sec"), seconds: null);

        Assert.Equal("10", (await PostFormAsync(form)).Json.GetProperty("seconds").GetString());
    }

    [Fact]
    public async Task Zhenzhen_recognises_a_storyboard_by_its_prompt()
    {
        var reply = await CreateWithPromptAsync("zhenzhen", Shots("2.5sec", "7.5sec"));

        Assert.Equal(200, reply.Status);
        Assert.Equal(SimulatorOperation.CreateStoryboard, Assert.Single(Simulator.Ledger.Requests).Operation);
    }

    [Theory]
    [InlineData("7.5sec", 400)]
    [InlineData("2,5sec", 400)]
    [InlineData("2.5 seconds", 400)]
    [InlineData("0sec", 400)]
    [InlineData("5sec", 200)]
    [InlineData("2.5sec", 200)]
    public async Task Shots_have_to_fit_the_total_and_to_have_the_platforms_format(string second, int status)
    {
        var prompt = Shots("5sec", second);
        using var form = Storyboard(prompt);

        Assert.Equal(status, (await PostFormAsync(form)).Status);
        Assert.Equal(status, (await CreateWithPromptAsync("zhenzhen", prompt)).Status);
    }

    private Uri Route => new(Simulator.JuxinBaseAddress, "/v1/videos");

    private Task<Reply> PostFormAsync(MultipartFormDataContent form) => SendAsync(HttpMethod.Post, Route, form, Simulator.ApiKey);
}
