send: prep
	./tools/send.sh

look: prep
	./tools/look.sh
