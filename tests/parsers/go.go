// Reads the requests as a Go relay does: net/http reads them from a socket, mime/multipart splits them.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

type part struct {
	Name        string
	FileName    *string
	ContentType *string
	Content     []byte
}

func main() {
	requests, _ := filepath.Glob(filepath.Join(os.Args[1], "*.request"))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go http.Serve(listener, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var want []part
		expected, err := os.ReadFile(filepath.Join(os.Args[1], r.Header.Get("X-Case")+".json"))
		must(err)
		must(json.Unmarshal(expected, &want))
		if problem := compare(r, want); problem != "" {
			http.Error(w, problem, 400)
		}
	}))

	for _, path := range requests {
		raw, err := os.ReadFile(path)
		must(err)
		name := strings.TrimSuffix(filepath.Base(path), ".request")
		connection, err := net.Dial("tcp", listener.Addr().String())
		must(err)
		_, err = connection.Write(bytes.Replace(raw, []byte("\r\n"), []byte("\r\nX-Case: "+name+"\r\n"), 1))
		must(err)
		answer, err := http.ReadResponse(bufio.NewReader(connection), nil)
		must(err)
		said, _ := io.ReadAll(answer.Body)
		if answer.StatusCode != 200 {
			fmt.Printf("%s: %s\n", name, said)
			os.Exit(1)
		}
		connection.Close()
	}
	fmt.Printf("Go: %d requests read back equal\n", len(requests))
	if len(requests) == 0 {
		os.Exit(1)
	}
}

func compare(r *http.Request, want []part) string {
	if r.ContentLength < 0 || len(r.TransferEncoding) > 0 {
		return "no Content-Length"
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err.Error()
	}

	// Part by part, in order.
	r.Body = io.NopCloser(bytes.NewReader(body))
	reader, err := r.MultipartReader()
	if err != nil {
		return err.Error()
	}
	for i := 0; ; i++ {
		got, err := reader.NextPart()
		if err == io.EOF {
			if i != len(want) {
				return fmt.Sprintf("%d parts instead of %d", i, len(want))
			}
			break
		}
		if err != nil {
			return err.Error()
		}
		content, err := io.ReadAll(got)
		if err != nil {
			return err.Error()
		}
		if i >= len(want) || got.FormName() != want[i].Name || got.FileName() != text(want[i].FileName) || got.Header.Get("Content-Type") != text(want[i].ContentType) || !bytes.Equal(content, want[i].Content) {
			return fmt.Sprintf("part %d differs: %q %q %q", i, got.FormName(), got.FileName(), got.Header)
		}
	}

	// And as frameworks such as Gin do.
	form, err := multipart.NewReader(bytes.NewReader(body), boundary(r)).ReadForm(32 << 20)
	if err != nil {
		return err.Error()
	}
	for _, part := range want {
		if part.FileName == nil && (len(form.Value[part.Name]) != 1 || form.Value[part.Name][0] != string(part.Content)) {
			return fmt.Sprintf("field %q differs", part.Name)
		}
		if part.FileName != nil && len(form.File[part.Name]) == 0 {
			return fmt.Sprintf("file %q is missing", part.Name)
		}
	}
	return ""
}

func boundary(r *http.Request) string {
	return strings.SplitN(r.Header.Get("Content-Type"), "boundary=", 2)[1]
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}
