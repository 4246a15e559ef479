package main

import (
	"errors"

	"cryo"
)

func get(given command) (gives, error) {
	what := given.text("what")
	if what == "nothing" {
		return nil, nil
	}
	if of, is := known.get(given.text("on")).(*program); is && of.server != nil {
		return ofServer(of.server, what, given.text("name"))
	}
	session := sessionOf(given.text("on"))
	found := func(text string, is bool) (gives, error) {
		if !is {
			return gives{"value": nil}, nil
		}
		return gives{"value": text}, nil
	}
	switch what {
	case "id":
		return gives{"value": session.ID().String()}, nil
	case "token":
		return gives{"value": session.Token()}, nil
	case "path":
		return gives{"value": session.Path()}, nil
	case "remote_address":
		return gives{"value": session.RemoteAddress()}, nil
	case "is_open":
		return gives{"value": session.IsOpen()}, nil
	case "is_secure":
		return gives{"value": session.IsSecure()}, nil
	case "queued_bytes":
		bytes, err := session.Stat(cryo.StatQueuedBytes)
		return gives{"value": bytes}, err
	case "parameter":
		return found(session.Parameter(given.text("name")))
	case "header":
		return found(session.Header(given.text("name")))
	case "claim":
		return found(session.Claim(given.text("name")))
	}
	return nil, errors.New("there is no " + what)
}

func ofServer(server *cryo.Server, what, name string) (gives, error) {
	switch what {
	case "port":
		return gives{"value": server.Port()}, nil
	case "session_count":
		return gives{"value": server.SessionCount()}, nil
	case "metrics":
		text, err := server.Metrics()
		return gives{"value": text}, err
	case "stat":
		for stat := cryo.ServerStatSessions; stat <= cryo.ServerStatDraining; stat++ {
			if nameOf(stat, "ServerStat") == name {
				figure, err := server.Stat(stat, 0)
				return gives{"value": figure}, err
			}
		}
	}
	return nil, errors.New("there is no " + what + " " + name)
}

func find(given command) (gives, error) {
	id, err := cryo.ParseID(given.text("session_id"))
	if err != nil {
		return nil, err
	}
	session, err := programOf(given).server.Find(id)
	if errors.Is(err, cryo.ErrNotFound) {
		return gives{"session": nil}, nil
	}
	if err != nil {
		return nil, err
	}
	return gives{"session": session.Value("name")}, nil
}
